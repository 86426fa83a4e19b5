/**
 * Whether somebody looks at Holdfast. A page says so while it is in front and has the focus (`attention.here`);
 * one that is closed, hidden or gone says nothing any more. `createHost` has one for all accounts.
 */

/** Somebody who has not looked for this long is taken to be away, in ms. Pages say it more often. */
const AWAY_AFTER_MS = 60_000;

interface Watcher {
  timer: NodeJS.Timeout | undefined;
  isThere: boolean;
  readonly onChange: (isThere: boolean) => void;
  readonly awayAfterMs: number;
}

export class Attention {
  readonly #awayAfterMs: number;
  readonly #watchers = new Set<Watcher>();
  #lookedAt: number | undefined;

  constructor(awayAfterMs = AWAY_AFTER_MS) {
    this.#awayAfterMs = awayAfterMs;
  }

  /** Somebody looks now. */
  look(): void {
    this.#lookedAt = performance.now();
    for (const watcher of this.#watchers) {
      const wasThere = watcher.isThere;
      watcher.isThere = true;
      this.#expectNext(watcher);
      if (!wasThere) watcher.onChange(true);
    }
  }

  /**
   * Tells whether somebody is there, now and after each change. Before anybody has ever looked, there may be no
   * window at all, and somebody is taken to be there.
   * @param soonerMs who has not looked for this long is away; the usual where absent or longer than that
   * @returns how to stop
   */
  watch(onChange: (isThere: boolean) => void, soonerMs = this.#awayAfterMs): () => void {
    const awayAfterMs = Math.min(soonerMs, this.#awayAfterMs);
    const isThere = this.#leftMs(awayAfterMs) > 0;
    const watcher: Watcher = { timer: undefined, isThere, onChange, awayAfterMs };
    this.#watchers.add(watcher);
    this.#expectNext(watcher);
    onChange(watcher.isThere);
    return () => {
      clearTimeout(watcher.timer);
      this.#watchers.delete(watcher);
    };
  }

  #expectNext(watcher: Watcher): void {
    clearTimeout(watcher.timer);
    if (!watcher.isThere || this.#lookedAt === undefined) return;
    watcher.timer = setTimeout(() => {
      watcher.isThere = false;
      watcher.onChange(false);
    }, this.#leftMs(watcher.awayAfterMs));
    watcher.timer.unref();
  }

  #leftMs(awayAfterMs: number): number {
    if (this.#lookedAt === undefined) return Number.POSITIVE_INFINITY;
    return this.#lookedAt + awayAfterMs - performance.now();
  }
}
