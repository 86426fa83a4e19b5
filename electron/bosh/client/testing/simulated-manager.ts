/**
 * A connection manager in memory for the property tests: the parts of XEP-0124 a session can be hurt by.
 * It processes requests in rid order, holds one, answers repeats from its cache, and cries out when the
 * client breaks a rule.
 */

export interface ManagerAnswer {
  readonly exchange: number;
  readonly rid: number;
  readonly stanzas: readonly string[];
}

const WINDOW = 2;
const HOLD = 1;

interface Pending {
  exchange: number;
  readonly body: string;
}

export class SimulatedManager {
  /** Stanzas received from the client, in the order they were processed. */
  readonly received: string[] = [];
  readonly #pending = new Map<number, Pending>();
  readonly #answered = new Map<number, readonly string[]>();
  readonly #bodies = new Map<number, string>();
  readonly #held: number[] = [];
  readonly #queue: string[] = [];
  #expected: number;

  constructor(firstRid: number) {
    this.#expected = firstRid;
  }

  /** A request reaches the manager. @returns what it answers now. */
  receive(exchange: number, rid: number, body: string): ManagerAnswer[] {
    const known = this.#bodies.get(rid);
    if (known !== undefined && known !== body) throw new Error(`rid ${rid} with other bytes`);
    this.#bodies.set(rid, body);
    if (this.#answered.has(rid)) {
      if (rid < this.#expected - WINDOW - HOLD) throw new Error(`rid ${rid} is no longer kept`);
      return [{ exchange, rid, stanzas: this.#answered.get(rid) ?? [] }];
    }
    const waiting = this.#pending.get(rid);
    if (waiting) {
      waiting.exchange = exchange;
      return [];
    }
    if (rid >= this.#expected + WINDOW) throw new Error(`rid ${rid} is outside the window`);
    this.#pending.set(rid, { exchange, body });
    while (this.#pending.has(this.#expected)) {
      const next = this.#pending.get(this.#expected);
      this.received.push(...(next?.body.match(/(?<=<s>)\d+(?=<\/s>)/gu) ?? []));
      this.#held.push(this.#expected);
      this.#expected += 1;
    }
    return this.#release();
  }

  /** The server behind it has a stanza for the client. */
  push(stanza: string): ManagerAnswer[] {
    this.#queue.push(stanza);
    return this.#release();
  }

  /** The `wait` of the oldest held request is over. */
  waitOver(): ManagerAnswer[] {
    return this.#held.length > 0 ? [this.#answerOldest()] : [];
  }

  get holds(): number {
    return this.#held.length;
  }

  #release(): ManagerAnswer[] {
    const answers: ManagerAnswer[] = [];
    while (this.#held.length > HOLD || (this.#held.length > 0 && this.#queue.length > 0)) {
      answers.push(this.#answerOldest());
    }
    return answers;
  }

  #answerOldest(): ManagerAnswer {
    const rid = this.#held.shift() ?? 0;
    const stanzas = this.#queue.splice(0);
    const exchange = this.#pending.get(rid)?.exchange ?? 0;
    this.#pending.delete(rid);
    this.#answered.set(rid, stanzas);
    return { exchange, rid, stanzas };
  }
}
