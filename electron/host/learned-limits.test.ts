import { describe, expect, it } from 'vitest';
import { limitsAfter } from './learned-limits.ts';

describe('what is known of a way after it was examined', () => {
  it('is what was measured', () => {
    const learned = { endpoint: 'x', wait: 27, oneConnection: true, largestRequest: 90_000 };
    expect(limitsAfter({}, learned)).toEqual({
      ...{ wait: 27, oneConnection: true, largestRequest: 90_000 },
    });
  });

  it('is what was known before where nothing was measured', () => {
    const known = { wait: 8, oneConnection: true, largestRequest: 5_000, refusedRequest: 9_000 };
    expect(limitsAfter(known, {})).toEqual(known);
    expect(limitsAfter(known, { wait: 20 })).toEqual({ ...known, wait: 20 });
  });

  it('is nothing where the network has healed', () => {
    const known = { wait: 8, oneConnection: true, largestRequest: 5_000, refusedRequest: 9_000 };
    const healed = { wait: 70, oneConnection: false, largestRequest: 524_288 };
    expect(limitsAfter(known, healed)).toEqual({ oneConnection: false });
  });
});
