/** Time for companions: pauses that end when the playground does, so that nobody talks on after it is closed. */
export class Pace {
  readonly #timers = new Set<NodeJS.Timeout>();
  #isClosed = false;

  /** Resolves after so many ms; never, where the pace is closed before. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isClosed) return;
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      this.#timers.add(timer);
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
