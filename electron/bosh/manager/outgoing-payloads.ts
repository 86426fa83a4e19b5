/** What waits for the client of a session, in the order in which it came from the servers. Owned by the session. */
import type { Condition } from './session-events.ts';

/** What goes into one answer: payloads of one stream (XEP-0124 §16.4), and whether the stream ends with them. */
export interface Batch {
  readonly stream: number;
  readonly payload: string;
  readonly end: Condition | undefined;
}

interface Item {
  readonly stream: number;
  readonly xml: string;
  readonly end: Condition | undefined;
}

export class OutgoingPayloads {
  readonly #items: Item[] = [];
  #length = 0;

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** UTF-16 units of payload. */
  get length(): number {
    return this.#length;
  }

  push(stream: number, xml: string): void {
    this.#items.push({ stream, xml, end: undefined });
    this.#length += xml.length;
  }

  /** The stream ends after all that was pushed before. */
  end(stream: number, condition: Condition, xml: string): void {
    this.#items.push({ stream, xml, end: condition });
    this.#length += xml.length;
  }

  /** The next answer's worth: at least one element, and no more than fit into `most` UTF-16 units. */
  take(most: number): Batch | undefined {
    const [first] = this.#items;
    if (!first) return undefined;
    let count = 0;
    let length = 0;
    let end: Condition | undefined;
    for (const item of this.#items) {
      if (item.stream !== first.stream || end !== undefined) break;
      if (count > 0 && length + item.xml.length > most) break;
      length += item.xml.length;
      count += 1;
      end = item.end;
    }
    const taken = this.#items.splice(0, count);
    this.#length -= length;
    const payload = taken.length === 1 ? first.xml : taken.map(({ xml }) => xml).join('');
    return { stream: first.stream, payload, end };
  }

  /** The oldest alone. */
  shift(): { readonly stream: number; readonly xml: string } | undefined {
    const item = this.#items.shift();
    if (item) this.#length -= item.xml.length;
    return item;
  }

  /** Everything, whatever stream it came from. */
  takeAll(): string {
    this.#length = 0;
    return this.#items
      .splice(0)
      .map(({ xml }) => xml)
      .join('');
  }
}
