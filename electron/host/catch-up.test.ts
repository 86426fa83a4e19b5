import { describe, expect, it } from 'vitest';
import { catchUpStart } from './catch-up.ts';

describe('where a catch-up begins', () => {
  it('takes the newest page where this account was never used here', () => {
    expect(catchUpStart(undefined, undefined)).toEqual({ from: 'newest' });
  });

  it('goes on from the cursor', () => {
    expect(catchUpStart('a7', undefined)).toEqual({ from: 'cursor', cursor: 'a7' });
  });

  it('reads an archive that was empty before from its beginning', () => {
    expect(catchUpStart('', undefined)).toEqual({ from: 'cursor', cursor: '' });
  });

  it('goes back to where the oldest unconfirmed message was handed over', () => {
    expect(catchUpStart('a7', { cursor: 'a3' })).toEqual({ from: 'cursor', cursor: 'a3' });
    expect(catchUpStart('a7', { cursor: 'a7' })).toEqual({ from: 'cursor', cursor: 'a7' });
  });

  it('goes by time where a message was handed over before any cursor was known', () => {
    expect(catchUpStart('a7', { cursor: null })).toEqual({ from: 'time' });
    expect(catchUpStart(undefined, { cursor: null })).toEqual({ from: 'time' });
  });
});
