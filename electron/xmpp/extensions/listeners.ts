/** A set of listeners for one kind of event; every extension keeps one per event it offers. */
import type { Unsubscribe } from '../xmpp-stream.ts';

/** Listeners called in the order they were added, with the same arguments. */
export class Listeners<Event extends readonly unknown[]> {
  readonly #listeners = new Set<(...event: Event) => void>();

  /** Adds a listener; the same function added twice is called once. */
  add(listener: (...event: Event) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(...event: Event): void {
    for (const listener of [...this.#listeners]) listener(...event);
  }
}
