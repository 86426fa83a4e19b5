/** A short run of what `npm run soak:faults` shows at length. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../holdfast/start-holdfast.ts';
import { newSeed } from '../random.ts';
import { faultKinds } from './fault-kinds.ts';
import { runSeeds } from './run-seeds.ts';

/** Three in a row: one of them is killed as well. */
const SEEDS = 3;

describe.each(['prosody', 'ejabberd'] as const)(
  'Holdfast behind a network that lies on %s',
  { timeout: 400_000 },
  (kind) => {
    beforeAll(() => ensureBuilt(['browser']));

    it('loses, doubles and reorders nothing, killed or not', async () => {
      const results = await runSeeds({
        ...{ kind, seed: newSeed(), seeds: SEEDS, count: 100, atOnce: 2, kinds: faultKinds },
      });
      const failed = results.filter(({ wrong }) => wrong.length > 0);
      const said = failed.map(({ seed, wrong, log, had, trace }) =>
        [`seed ${seed}: ${wrong.join('; ')}`, log, ...had, ...trace].join('\n'),
      );
      expect(said).toEqual([]);
      expect(results).toHaveLength(SEEDS);
      expect(results.some(({ kills }) => kills > 0)).toBe(true);
      expect(results.flatMap(({ injected }) => Object.keys(injected))).not.toEqual([]);
    });
  },
);
