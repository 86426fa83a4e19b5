/** What an account learned about BOSH endpoints by trying: loaded for each new stream, and added to by it. */
import type { EndpointsRepository, StoredVerdict } from '../store/store.ts';
import type { TriedFeature, Verdict, Verdicts } from '../xmpp/verdict.ts';
import type { Log } from './log.ts';

/** Whether a second connection gets through belongs to a network, and networks change: asked again after this. */
const ONE_CONNECTION_FOR_MS = 4 * 60 * 60 * 1000;
const TWO_CONNECTIONS = 'two-connections';

export interface EndpointMemoryOptions {
  readonly accountId: string;
  readonly endpoints: EndpointsRepository;
  readonly log: Log;
  readonly now: () => number;
}

export class EndpointMemory {
  readonly #options: EndpointMemoryOptions;

  constructor(options: EndpointMemoryOptions) {
    this.#options = options;
  }

  /** What is known of an endpoint, and whether only one connection gets through to it. */
  async recall(endpoint: string): Promise<{ verdicts: Verdicts; polling: boolean }> {
    const { accountId, endpoints, now } = this.#options;
    const known = await endpoints.verdicts(accountId, endpoint);
    const second = known.find(({ feature }) => feature === TWO_CONNECTIONS);
    return {
      verdicts: Object.fromEntries(known.map((verdict) => [verdict.feature, verdict])),
      polling: second?.works === false && now() - second.at < ONE_CONNECTION_FOR_MS,
    };
  }

  /** The next stream to this endpoint will know. */
  learn(endpoint: string, feature: TriedFeature, verdict: Verdict): void {
    this.#decide(endpoint, { feature, ...verdict });
  }

  /** A second connection to this endpoint does not get through. */
  learnOneConnection(endpoint: string): void {
    const { now } = this.#options;
    const reason = 'a second connection does not get through';
    const verdict = { works: false, at: now(), reason, fingerprint: '' };
    this.#decide(endpoint, { feature: TWO_CONNECTIONS, ...verdict });
  }

  /** The store carries calls out in order, so that a later `recall` knows; what it cannot keep is tried again. */
  #decide(endpoint: string, verdict: StoredVerdict): void {
    const { accountId, endpoints, log } = this.#options;
    const { feature, works, reason } = verdict;
    log(`${feature} ${works ? 'works' : 'does not work'} here: ${reason}`);
    endpoints
      .decide(accountId, endpoint, verdict)
      .catch(() => log(`the verdict on ${feature} was not kept`));
  }
}
