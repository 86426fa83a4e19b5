import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Simulation } from './testing/simulation.ts';

const RUNS = 2_500;

describe.each([
  ['that copes with swapped requests', true],
  ['that needs requests in order', false],
])('with a manager %s', (_name, tolerant) => {
  it('loses, doubles and reorders nothing in any history of faults and crashes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 150, size: 'max' }), (choices) => {
        const world = new Simulation({ tolerant });
        try {
          for (const choice of choices) world.step(choice);
          world.drain();
          expect(world.manager.received).toEqual(world.written);
          expect(world.shown).toEqual(world.pushed);
          expect(world.manager.holds).toBe(1);
        } catch (error) {
          throw new Error(`${(error as Error).message}\nafter: ${world.history.join(', ')}`);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
