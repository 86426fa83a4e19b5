/** Waiting for what events bring: a check that runs after each of them. */

export class Watch {
  readonly #checks = new Set<() => void>();

  /** Something has happened. */
  changed(): void {
    for (const check of this.#checks) check();
  }

  /** Resolves once this holds; rejects where it throws, and after `deadlineMs`. */
  until(what: string, holds: () => boolean, deadlineMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = () => {
      try {
        if (holds()) resolve();
      } catch (error) {
        reject(error);
      }
    };
    this.#checks.add(check);
    const deadline = setTimeout(
      () => reject(new Error(`waited ${deadlineMs} ms for: ${what}`)),
      deadlineMs,
    );
    check();
    return promise.finally(() => {
      clearTimeout(deadline);
      this.#checks.delete(check);
    });
  }
}
