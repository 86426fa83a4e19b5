import { describe, expect, it } from 'vitest';
import type { Fault } from './fault.ts';
import { faultKinds } from './fault-kinds.ts';
import { schedule } from './schedule.ts';

const EXCHANGES = 2_000;

function plan(seed: number, kinds: readonly Fault[] = faultKinds) {
  const at = schedule(seed, kinds);
  return Array.from({ length: EXCHANGES }, (_, exchange) => at(exchange));
}

describe('the schedule of a seed', () => {
  it('is the same each time, in whatever order it is asked', () => {
    const forward = plan(7);
    const at = schedule(7, faultKinds);
    const backward = Array.from({ length: EXCHANGES }, (_, index) => at(EXCHANGES - 1 - index));
    expect(backward.reverse()).toEqual(forward);
  });

  it('differs from that of the next seed', () => {
    expect(plan(7)).not.toEqual(plan(8));
  });

  it('lets most exchanges through', () => {
    for (let seed = 0; seed < 20; seed++) {
      const hit = plan(seed).filter((fault) => fault !== undefined).length;
      expect(hit).toBeGreaterThan(0);
      expect(hit).toBeLessThan(EXCHANGES / 2);
    }
  });

  it('knows only some kinds, and every kind over many seeds', () => {
    const seen = Array.from({ length: 40 }, (_, seed) => new Set(plan(seed).map((at) => at?.name)));
    for (const names of seen) expect(names.size).toBeLessThan(faultKinds.length);
    for (const { name } of faultKinds) expect(seen.some((names) => names.has(name))).toBe(true);
  });

  it('can hit several exchanges in a row, where the kind says so', () => {
    const kind: Fault = { name: 'four', weight: 1, longest: 4, treat: () => ({ isLost: true }) };
    const lengthOf = (longest: number) =>
      plan(3, [{ ...kind, longest }]).filter((fault) => fault !== undefined).length;
    const names = plan(3, [kind]).map((fault) => fault?.name ?? '-');
    expect(names.join(' ')).toContain('four four four four');
    expect(lengthOf(4)).toBeGreaterThan(1.5 * lengthOf(1));
  });
});
