/** Many seeds on one server, a few at a time, each with users of its own. Used by `soak.ts` and the integration test. */
import { startKind } from '../servers/start-kind.ts';
import type { ServerKind } from '../servers/xmpp-server.ts';
import type { Fault } from './fault.ts';
import { runSeed, type SeedResult } from './run-seed.ts';

export interface SeedsOptions {
  readonly kind: ServerKind;
  /** With the relay's BOSH in place of the server's. */
  readonly relay?: boolean;
  /** The first; the others follow it. */
  readonly seed: number;
  readonly seeds: number;
  /** Messages each way in each seed. */
  readonly count: number;
  readonly kinds: readonly Fault[];
  /** How many seeds run at the same time: much of a seed is waiting. */
  readonly atOnce: number;
  readonly onResult?: (result: SeedResult) => void;
}

/** How long a session outlives its last request, in seconds: short, so that some are lost. */
const INACTIVITY_S = 6;
/** The longest `wait` Prosody and the relay grant, in seconds; ejabberd grants what is asked. */
const WAIT_S = 8;
/** A server gets slow with what it has archived: after so many seeds another one takes over. */
const SEEDS_PER_SERVER = 25;

/** Runs the seeds in ascending order. */
export async function runSeeds(options: SeedsOptions): Promise<SeedResult[]> {
  const results: SeedResult[] = [];
  for (let done = 0; done < options.seeds; done += SEEDS_PER_SERVER) {
    const seeds = Math.min(SEEDS_PER_SERVER, options.seeds - done);
    results.push(...(await runOnOneServer({ ...options, seed: options.seed + done, seeds })));
  }
  return results;
}

async function runOnOneServer(options: SeedsOptions): Promise<SeedResult[]> {
  const { kind, relay = false, count, kinds, atOnce, onResult } = options;
  const waiting = Array.from({ length: options.seeds }, (_, index) => options.seed + index);
  const usersOf = (seed: number) => ({ holdfast: `h${seed}`, peer: `p${seed}` });
  const server = await startKind({
    ...{ kind, relay, inactivity: INACTIVITY_S, wait: WAIT_S },
    users: waiting.flatMap((seed) => Object.values(usersOf(seed))),
  });
  const results: SeedResult[] = [];
  const work = async () => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const result = await runSeed({ server, seed, users: usersOf(seed), count, kinds });
      results.push(result);
      onResult?.(result);
    }
  };
  try {
    const workers = await Promise.allSettled(Array.from({ length: atOnce }, work));
    for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
    return results.sort((a, b) => a.seed - b.seed);
  } finally {
    await server.stop();
  }
}
