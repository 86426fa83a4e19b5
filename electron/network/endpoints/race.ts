/**
 * Tries several ways at once without trying all at once (as RFC 8305 does with addresses): each begins a little
 * after the one before, or as soon as that has failed, and the first that works ends the others.
 */
import type { Clock } from '../clock.ts';

/** What became of one that did not win. */
export interface Failure<C> {
  readonly candidate: C;
  readonly error: unknown;
}

export interface RaceOptions<C> {
  /** Resolves where the candidate works. */
  readonly attempt: (candidate: C, signal: AbortSignal) => Promise<void>;
  /** How long one has the field to itself, in ms. */
  readonly staggerMs: number;
  readonly clock: Clock;
  /** Aborting ends the race without a winner. */
  readonly signal: AbortSignal;
}

export class Race<C> {
  /** The winner, or undefined where nothing that was entered works. */
  readonly winner: Promise<C | undefined>;
  readonly failures: Failure<C>[] = [];
  readonly #options: RaceOptions<C>;
  readonly #waiting: C[] = [];
  readonly #over = new AbortController();
  readonly #resolve: (winner: C | undefined) => void;
  #running = 0;
  #isComplete = false;
  /** Aborts the wait before the next one begins. */
  #headStart = new AbortController();

  constructor(options: RaceOptions<C>) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<C | undefined>();
    this.winner = promise;
    this.#resolve = resolve;
    this.#headStart.abort();
    options.signal.addEventListener('abort', () => this.#end(undefined), { once: true });
  }

  /** More candidates, to begin after those before them. */
  enter(candidates: readonly C[]): void {
    this.#waiting.push(...candidates);
    this.#advance();
  }

  /** There will be no more candidates. */
  complete(): void {
    this.#isComplete = true;
    this.#advance();
  }

  #advance(): void {
    if (this.#over.signal.aborted) return;
    if (this.#running > 0 && !this.#headStart.signal.aborted) return;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#begin(next);
    else if (this.#running === 0 && this.#isComplete) this.#end(undefined);
  }

  #begin(candidate: C): void {
    const { attempt, staggerMs, clock } = this.#options;
    const { signal } = this.#over;
    const headStart = new AbortController();
    this.#headStart = headStart;
    this.#running += 1;
    void clock.after(staggerMs, AbortSignal.any([signal, headStart.signal])).then(() => {
      headStart.abort();
      this.#advance();
    });
    attempt(candidate, signal).then(
      () => this.#end(candidate),
      (error: unknown) => {
        this.#running -= 1;
        this.failures.push({ candidate, error });
        headStart.abort();
        this.#advance();
      },
    );
  }

  #end(winner: C | undefined): void {
    this.#over.abort();
    this.#resolve(winner);
  }
}
