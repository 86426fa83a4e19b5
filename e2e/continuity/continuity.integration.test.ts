/** A short run of what `npm run soak:continuity` shows at length. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../holdfast/start-holdfast.ts';
import { newSeed } from '../random.ts';
import { runMoments } from './run-moments.ts';

describe.each(['prosody', 'ejabberd'] as const)('Holdfast killed while chatting on %s', (kind) => {
  beforeAll(() => ensureBuilt(['browser']));

  it('goes on in the same session within inactivity, each message once and in order', async () => {
    const seed = newSeed();
    const results = await runMoments({
      kind,
      returns: 'within-inactivity',
      moments: 3,
      count: 60,
      seed,
    });
    expect(
      results.map(({ faults }) => faults),
      `seed ${seed}`,
    ).toEqual([[], [], []]);
  });

  it('fills the gap from the archive in a new session after inactivity', async () => {
    const seed = newSeed();
    const results = await runMoments({
      kind,
      returns: 'after-inactivity',
      moments: 2,
      count: 60,
      seed,
    });
    expect(
      results.map(({ faults }) => faults),
      `seed ${seed}`,
    ).toEqual([[], []]);
  });
});
