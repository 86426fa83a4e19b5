import fc from 'fast-check';
import { describe, it } from 'vitest';
import { Simulation, type SimulationOptions } from './testing/simulation.ts';

/** For each manager; together more than ten thousand histories. */
const RUNS = 1_200;

const MANAGERS: readonly (readonly [string, SimulationOptions])[] = [
  ['is Prosody’s', { prosody: true, tolerant: true }],
  ['copes with swapped requests and forgets broken ones', { tolerant: true, forgets: true }],
  ['needs requests in order', {}],
  ['answers copies with themselves', { echoes: true }],
  ['acknowledges, and keeps nothing that was acknowledged', { acknowledges: true }],
  ['asks to repeat requests', { fails: true }],
  ['answers a pause', { pause: 'answered' }],
  ['never answers a pause', { pause: 'unanswered' }],
  ['is polled over one connection', { polled: true }],
  ['ends the session, or is hard to reach', { ends: true }],
  [
    'forgets broken requests, and may end the session',
    { tolerant: true, forgets: true, ends: true },
  ],
  ['forgets broken requests, and never answers a pause', { forgets: true, pause: 'unanswered' }],
  [
    'does all of it',
    {
      ...{ tolerant: true, acknowledges: true, forgets: true, fails: true },
      ...{ pause: 'answered', ends: true },
    },
  ],
];

describe.each(MANAGERS)('with a manager that %s', { timeout: 120_000 }, (_name, options) => {
  it('loses, doubles and reorders nothing in any history of faults and crashes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 150, size: 'max' }), (choices) => {
        const world = new Simulation(options);
        try {
          for (const choice of choices) world.step(choice);
          world.drain();
          world.verify();
        } catch (error) {
          throw new Error(`${(error as Error).message}\nafter: ${world.history.join(', ')}`);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
