/**
 * What the accounts of one host share about the endpoints they are on: how often a way in has failed, so that
 * they slow down together, and that it works again, so that all go on at once.
 */

interface Endpoint {
  /** Rounds of failures in a row, however many accounts had their part in one. */
  rounds: number;
  /** The pause of this round ends then, epoch ms. */
  until: number;
  readonly waiting: Set<() => void>;
}

export class EndpointPace {
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** An attempt failed. @returns how many in a row have, whoever made them; one round counts once. */
  failed(url: string): number {
    const endpoint = this.#endpoint(url);
    if (this.#now() >= endpoint.until) endpoint.rounds += 1;
    return endpoint.rounds;
  }

  /** Nobody should try sooner than this: what fails before belongs to the same round. */
  pauseUntil(url: string, at: number): void {
    const endpoint = this.#endpoint(url);
    endpoint.until = Math.max(endpoint.until, at);
  }

  /** It works again. Calls everybody who waits there. */
  works(url: string): void {
    const endpoint = this.#endpoint(url);
    endpoint.rounds = 0;
    endpoint.until = 0;
    for (const goOn of [...endpoint.waiting]) goOn();
  }

  /** @param goOn is called whenever it works for somebody. @returns how to leave. */
  wait(url: string, goOn: () => void): () => void {
    const { waiting } = this.#endpoint(url);
    waiting.add(goOn);
    return () => void waiting.delete(goOn);
  }

  /** Paths differ by account on some servers; what fails or works is the origin. */
  #endpoint(url: string): Endpoint {
    const { origin } = new URL(url);
    const known = this.#endpoints.get(origin);
    if (known) return known;
    const endpoint: Endpoint = { rounds: 0, until: 0, waiting: new Set() };
    this.#endpoints.set(origin, endpoint);
    return endpoint;
  }
}
