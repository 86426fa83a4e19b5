/** Which BOSH address worked last for a domain, here or elsewhere: a way in is looked for from there. */
import type { FoundEndpoint } from '../network/endpoints/endpoint.ts';
import type { FoundEndpointsRepository } from '../store/store.ts';
import type { Log } from './log.ts';

export interface EndpointBookOptions {
  readonly kept: FoundEndpointsRepository;
  /** See `network-identity.ts`. */
  readonly network: () => string;
  readonly log: Log;
  readonly now: () => number;
}

export class EndpointBook {
  readonly #options: EndpointBookOptions;

  constructor(options: EndpointBookOptions) {
    this.#options = options;
  }

  async last(domain: string): Promise<FoundEndpoint | undefined> {
    const { kept, network } = this.#options;
    const stored = await kept.latest(network(), domain);
    return stored && { url: stored.url, source: stored.source };
  }

  /** Somebody has signed in there. What cannot be kept is looked for again another time. */
  worked(domain: string, found: FoundEndpoint): void {
    const { kept, network, log, now } = this.#options;
    kept
      .put(network(), domain, { ...found, at: now() })
      .catch(() => log(`the address found for ${domain} was not kept`));
  }
}
