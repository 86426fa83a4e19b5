import fc from 'fast-check';
import { describe, it } from 'vitest';
import { SessionSimulation, type SessionSimulationOptions } from './testing/session-simulation.ts';

const RUNS = 2_000;

const CLIENTS: readonly (readonly [string, SessionSimulationOptions])[] = [
  ['has two connections', {}],
  ['polls over one', { polling: true }],
  ['shows a key with each request', { keys: true }],
];

describe.each(CLIENTS)('with a client that %s', { timeout: 120_000 }, (_name, options) => {
  it('loses, doubles and reorders nothing in any history of faults, and never ends', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 120, size: 'max' }), (choices) => {
        const world = new SessionSimulation(options);
        try {
          for (const choice of choices) world.step(choice);
          world.drain();
        } catch (error) {
          throw new Error(`${(error as Error).message}\nafter: ${world.history.join(', ')}`);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
