import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countdown } from './countdown.ts';

describe('countdown', () => {
  it('tells what is left of the whole', () => {
    expect(countdown(0, 60_000, 11_400)).toEqual({
      fraction: 48_600 / 60_000,
      remaining: '49 s',
      total: '60 s',
      over: false,
    });
  });

  it('is over at the deadline and after', () => {
    expect(countdown(0, 60_000, 60_000)).toMatchObject({
      fraction: 0,
      remaining: '0 s',
      over: true,
    });
    expect(countdown(0, 60_000, 99_000)).toMatchObject({
      fraction: 0,
      remaining: '0 s',
      over: true,
    });
  });

  it('starts full where the clock is behind the start', () => {
    expect(countdown(1_000, 61_000, 990)).toMatchObject({ fraction: 1, remaining: '60 s' });
  });

  it('reads the seconds granted where the deadline is a few ms late', () => {
    expect(countdown(0, 60_004, 60_000).total).toBe('60 s');
  });

  it('never leaves the ring, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer(), (start, deadline, now) => {
        const { fraction } = countdown(start, deadline, now);
        expect(fraction).toBeGreaterThanOrEqual(0);
        expect(fraction).toBeLessThanOrEqual(1);
      }),
    );
  });
});
