/**
 * The pause kept between two requests on different connections, so that they reach the manager in rid order
 * where it is not known to cope with a swap (ejabberd stalls, then ends the session). Adapts to the jitter seen.
 */

const LEAST_MS = 5;
const MOST_MS = 400;
/** How many deviations of the round trip the pause covers, and what is taken for one at first (as RFC 6298 §2). */
const DEVIATIONS = 4;
const FIRST_DEVIATION = 1 / 4;

export class OrderingGuard {
  /** Whether the manager is not known to cope with a swap. */
  readonly isNeeded: boolean;
  #mean: number | undefined;
  #deviation = 0;

  constructor(needed: boolean) {
    this.isNeeded = needed;
  }

  /** A round trip of a request that was answered at once, in ms: how uneven the path is. */
  sample(roundTripMs: number): void {
    if (this.#mean === undefined) {
      this.#mean = roundTripMs;
      this.#deviation = roundTripMs * FIRST_DEVIATION;
      return;
    }
    const difference = Math.abs(roundTripMs - this.#mean);
    this.#mean += (roundTripMs - this.#mean) / 8;
    this.#deviation += (difference - this.#deviation) / 4;
  }

  /** The pause in ms, 0 where none is needed. */
  get ms(): number {
    if (!this.isNeeded) return 0;
    return Math.min(MOST_MS, LEAST_MS + DEVIATIONS * this.#deviation);
  }
}
