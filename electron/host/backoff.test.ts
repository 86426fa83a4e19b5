import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff } from './backoff.ts';

const most = () => 0.999_999_999;

describe('backoff', () => {
  it('doubles its longest pause from one second to one minute', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8].map((failures) => backoff(failures, most));
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]);
  });

  it('takes any part of it, so that clients cut off together come back apart', () => {
    expect(backoff(3, () => 0)).toBe(0);
    expect(backoff(3, () => 0.25)).toBe(1000);
  });

  it('never leaves its range, however long an outage lasts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (n, r) => {
          const pause = backoff(n, () => r);
          expect(pause).toBeGreaterThanOrEqual(0);
          expect(pause).toBeLessThanOrEqual(60_000);
        },
      ),
    );
  });
});
