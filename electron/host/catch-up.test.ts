import { describe, expect, it } from 'vitest';
import { catchUpStart, catchUpWithLate } from './catch-up.ts';

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

describe('an archive that is late', () => {
  it('is asked until it has shown what came live before it', async () => {
    let looks = 0;
    await catchUpWithLate({
      accountId: 'account',
      store: undefined as never,
      archive: {
        forward: async () => {
          looks += 1;
          return { kind: 'page', messages: [], complete: true };
        },
        backward: async () => ({ kind: 'unsupported' }),
      },
      decode: () => undefined,
      received: { takeArchived: async () => ({ added: 0 }), isHeld: () => false },
      cursor: () => 'a0',
      saveCursor: async () => {},
      lookAgainMs: 1,
      isAhead: async () => looks < 3,
      signal: new AbortController().signal,
      log: () => {},
    });
    expect(looks).toBe(3);
  });
});
