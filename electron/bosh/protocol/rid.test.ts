import { describe, expect, it } from 'vitest';
import { MAX_RID, randomRid } from './rid.ts';

describe('randomRid', () => {
  const rids = Array.from({ length: 1_000 }, randomRid);

  it('is a large positive integer, with room to count for centuries below 2^53', () => {
    const aThousandASecondForACentury = 1_000 * 60 * 60 * 24 * 365 * 100;
    for (const rid of rids) {
      expect(Number.isSafeInteger(rid)).toBe(true);
      expect(rid).toBeGreaterThanOrEqual(2 ** 40);
      expect(rid + aThousandASecondForACentury).toBeLessThan(MAX_RID);
    }
    expect(MAX_RID).toBe(9_007_199_254_740_991);
  });

  it('does not repeat, and is spread over its whole range', () => {
    expect(new Set(rids).size).toBe(rids.length);
    const middle = 2 ** 40 + 2 ** 46;
    const lower = rids.filter((rid) => rid < middle).length;
    // Less than once in 10^15 runs by chance.
    expect(Math.abs(lower - 500)).toBeLessThan(130);
  });
});
