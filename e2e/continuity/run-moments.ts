/** Several exchanges on one server, each killed at a moment of its own. Used by `soak.ts` and the integration test. */
import { seededRandom } from '../random.ts';
import { startKind } from '../servers/start-kind.ts';
import type { ServerKind } from '../servers/xmpp-server.ts';
import { type ExchangeResult, type Return, runExchange } from './exchange.ts';

/** How long a session outlives its process where the run waits for its end, in seconds. */
const SHORT_INACTIVITY = 5;

export interface MomentsOptions {
  readonly kind: ServerKind;
  /** With the relay's BOSH in place of the server's. */
  readonly relay?: boolean;
  readonly returns: Return;
  readonly moments: number;
  /** Messages each way in each exchange. */
  readonly count: number;
  readonly seed: number;
  readonly onResult?: (result: ExchangeResult) => void;
}

/** Runs them one after the other, each with users and a data folder of its own. */
export async function runMoments(options: MomentsOptions): Promise<ExchangeResult[]> {
  const { kind, relay = false, returns, moments, count } = options;
  const random = seededRandom(options.seed);
  const pairs = Array.from({ length: moments }, (_, moment) => ({
    holdfast: `h${moment}`,
    peer: `p${moment}`,
  }));
  const server = await startKind({
    ...{ kind, relay },
    users: pairs.flatMap(({ holdfast, peer }) => [holdfast, peer]),
    ...(returns === 'after-inactivity' ? { inactivity: SHORT_INACTIVITY } : {}),
  });
  try {
    const results: ExchangeResult[] = [];
    for (const users of pairs) {
      const seed = Math.floor(random() * 2 ** 31);
      const result = await runExchange({ server, returns, seed, users, count });
      results.push(result);
      options.onResult?.(result);
    }
    return results;
  } finally {
    await server.stop();
  }
}
