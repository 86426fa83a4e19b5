/** Several exchanges on one server, each killed at a moment of its own. Used by `soak.ts` and the integration test. */
import { seededRandom } from '../random.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import type { ServerKind, ServerOptions, XmppServer } from '../servers/xmpp-server.ts';
import { type ExchangeResult, type Return, runExchange } from './exchange.ts';

/** How long a session outlives its process where the run waits for its end, in seconds. */
const SHORT_INACTIVITY = 5;

export interface MomentsOptions {
  readonly kind: ServerKind;
  readonly returns: Return;
  readonly moments: number;
  /** Messages each way in each exchange. */
  readonly count: number;
  readonly seed: number;
  readonly onResult?: (result: ExchangeResult) => void;
}

/** Runs them one after the other, each with users and a data folder of its own. */
export async function runMoments(options: MomentsOptions): Promise<ExchangeResult[]> {
  const { kind, returns, moments, count } = options;
  const random = seededRandom(options.seed);
  const pairs = Array.from({ length: moments }, (_, moment) => ({
    holdfast: `h${moment}`,
    peer: `p${moment}`,
  }));
  const server = await startServerOf(kind, {
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

function startServerOf(kind: ServerKind, options: ServerOptions): Promise<XmppServer> {
  return kind === 'prosody' ? startProsody(options) : startEjabberd(options);
}
