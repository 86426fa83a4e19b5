/** How often a session's client may ask (XEP-0124 §11, §12, §14.3). Pure; owned by the session. */
import type { BoshRequest } from './bosh-request.ts';
import type { Grant } from './grant.ts';

/** So many UTF-16 units of a request, or of an answer that is given again, cost as much as a request. */
const UNIT = 4_096;
/** Over how long the rate of requests is averaged, in ms. */
const WINDOW_MS = 10_000;
/** Requests of a well-behaved client may come closer to each other than it sent them by this much, in ms. */
const TRANSIT_MS = 500;

export class RequestPace {
  readonly #grant: Grant;
  /** Cost in {@link WINDOW_MS}. */
  readonly #most: number;
  #cost = 0;
  #countedSince = Number.NEGATIVE_INFINITY;
  /** When the last new request came. */
  #arrivedAt = Number.NEGATIVE_INFINITY;
  /** When the last new request came if it was empty, and no payload was answered since. */
  #emptyAt = Number.NEGATIVE_INFINITY;

  constructor(grant: Grant, requestsPerSecond: number) {
    this.#grant = grant;
    this.#most = (requestsPerSecond * WINDOW_MS) / 1000;
  }

  /**
   * Counts any request, or an answer given again, by its length. Copies too: without a limit they would be a way
   * around `polling` (XEP-0124 §14.3).
   */
  isTooFast(length: number, now: number): boolean {
    if (now - this.#countedSince >= WINDOW_MS) {
      this.#countedSince = now;
      this.#cost = 0;
    }
    this.#cost += 1 + Math.floor(length / UNIT);
    return this.#cost > this.#most;
  }

  /**
   * Takes note of a new request. @param unanswered it and all others the client waits for. @param isLast no
   * request with a higher rid is there yet; one that was overtaken on its way was not sent too soon.
   * @returns false where it comes too soon, or is one too many.
   */
  admits(request: BoshRequest, unanswered: number, isLast: boolean, now: number): boolean {
    const { requests, polling, wait, hold } = this.#grant;
    const mayExceed = request.kind === 'pause' || request.kind === 'terminate' ? 1 : 0;
    if (!isLast) return unanswered <= requests + mayExceed;
    const isEmpty = request.kind === 'empty';
    const soon = now - polling * 1000 + TRANSIT_MS;
    const polls = wait === 0 || hold === 0;
    const polledSoon = isEmpty && polls && this.#emptyAt > soon;
    const filledSoon = isEmpty && !polls && unanswered >= requests && this.#arrivedAt > soon;
    this.#arrivedAt = now;
    this.#emptyAt = isEmpty ? now : Number.NEGATIVE_INFINITY;
    return unanswered <= requests + mayExceed && !polledSoon && !filledSoon;
  }

  /** A payload was answered: who asks for more at once does well. */
  gavePayload(): void {
    this.#emptyAt = Number.NEGATIVE_INFINITY;
  }
}
