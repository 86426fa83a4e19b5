/** What waits to be sent, in order, cut into bodies: stanzas of one tick travel together. */

/** A body is filled up to this many bytes; a single larger stanza travels alone. */
const FULL = 128 * 1024;

/** One body's worth. A stream restart always travels alone (XEP-0206 §5). */
export type Batch =
  | { readonly restart: true }
  | {
      readonly restart: false;
      readonly payload: string;
      readonly stanzas: number;
      readonly messageIds: readonly string[];
    };

type Item = 'restart' | { readonly payload: string; readonly messageIds: readonly string[] };

export class OutgoingQueue {
  readonly #items: Item[] = [];

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  push(payload: string, messageIds: readonly string[]): void {
    this.#items.push({ payload, messageIds });
  }

  pushRestart(): void {
    this.#items.push('restart');
  }

  /**
   * Takes as much as fits one body; undefined where nothing waits.
   * @param most bytes, where fewer than usual fit.
   */
  take(most = FULL): Batch | undefined {
    const first = this.#items[0];
    if (first === undefined) return undefined;
    if (first === 'restart') {
      this.#items.shift();
      return { restart: true };
    }
    const payloads: string[] = [];
    const messageIds: string[] = [];
    let length = 0;
    for (const item of this.#items) {
      if (item === 'restart') break;
      length += Buffer.byteLength(item.payload);
      if (payloads.length > 0 && length > Math.min(most, FULL)) break;
      payloads.push(item.payload);
      messageIds.push(...item.messageIds);
    }
    this.#items.splice(0, payloads.length);
    return { restart: false, payload: payloads.join(''), stanzas: payloads.length, messageIds };
  }
}
