/** What an account learned about BOSH endpoints by trying: loaded for each new stream, and added to by it. */
import type { EndpointsRepository, StoredVerdict } from '../store/store.ts';
import type { TriedFeature, Verdict, Verdicts } from '../xmpp/verdict.ts';
import type { Log } from './log.ts';

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

  async recall(endpoint: string): Promise<Verdicts> {
    const { accountId, endpoints } = this.#options;
    const known = await endpoints.verdicts(accountId, endpoint);
    return Object.fromEntries(known.map((verdict) => [verdict.feature, verdict]));
  }

  /** The next stream to this endpoint will know. */
  learn(endpoint: string, feature: TriedFeature, verdict: Verdict): void {
    this.#decide(endpoint, { feature, ...verdict });
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
