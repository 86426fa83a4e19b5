/**
 * A connection manager in memory for the property tests: the parts of XEP-0124 a session can be hurt by.
 * It processes requests in rid order, holds one, answers repeats from its cache, and cries out when the
 * client breaks a rule.
 */

/** An answer on its way: what its `<body/>` says and holds. */
export interface ManagerAnswer {
  readonly exchange: number;
  readonly rid: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly stanzas: readonly string[];
  /** The request that is sent back in place of an answer. */
  readonly echo?: string;
}

/** In what managers differ. */
export interface ManagerHabits {
  /** It uses acknowledgements (§9), keeps no answer that was acknowledged, and reports what seems to be lost. */
  readonly acknowledges?: boolean;
  /** What becomes of a pause (§10). Nobody keeps an answer to one. */
  readonly pause?: 'answered' | 'unanswered';
  /** It holds nothing, as the client asked (§12). */
  readonly polled?: boolean;
  /** It may end the session; and what is sent to it may be stuck for long, and then come all at once. */
  readonly ends?: boolean;
  /** It notices that a held request's connection broke, and forgets it once the next one is there. */
  readonly forgets?: boolean;
  /** To a copy of a request it still holds it answers with that copy, where it has nothing to say (ejabberd). */
  readonly echoes?: boolean;
}

/** It wants this many ms between two empty requests. */
export const POLLING_MS = 5_000;
/** A request is on its way for no longer than this, in ms. */
export const TRANSIT_MS = 1_000;
const WINDOW = 2;
const HOLD = 1;
const GONE = { type: 'terminate', condition: 'item-not-found' };

interface Pending {
  /** 0: nobody waits for its answer any more. */
  exchange: number;
  readonly body: string;
}

export class SimulatedManager {
  /** Stanzas received from the client, in the order they were processed. */
  readonly received: string[] = [];
  readonly #habits: ManagerHabits;
  readonly #first: number;
  readonly #pending = new Map<number, Pending>();
  readonly #answered = new Map<number, ManagerAnswer>();
  readonly #bodies = new Map<number, string>();
  readonly #pauses = new Set<number>();
  readonly #forgotten = new Set<number>();
  /** Of these a copy came while they were held. */
  readonly #copied = new Set<number>();
  readonly #held: number[] = [];
  readonly #queue: string[] = [];
  #expected: number;
  #acknowledged = 0;
  #report: number | undefined;
  #arrivedAt = Number.NEGATIVE_INFINITY;
  #emptyAt = Number.NEGATIVE_INFINITY;
  #isOver = false;

  constructor(firstRid: number, habits: ManagerHabits) {
    this.#first = firstRid;
    this.#expected = firstRid;
    this.#habits = habits;
  }

  get holds(): number {
    return this.#held.length;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The requests it has and has not answered. */
  get unanswered(): readonly number[] {
    return [...this.#pending].flatMap(([rid, { exchange }]) => (exchange === 0 ? [] : [rid]));
  }

  /** A request reaches the manager; `now`: in ms. @returns what it answers now. */
  receive(exchange: number, rid: number, body: string, now: number): ManagerAnswer[] {
    const known = this.#bodies.get(rid);
    if (known !== undefined && known !== body) throw new Error(`rid ${rid} with other bytes`);
    this.#bodies.set(rid, body);
    if (this.#isOver) return [{ exchange, rid, attributes: GONE, stanzas: [] }];
    if (this.#habits.acknowledges) this.#acknowledge(rid, body);
    const waiting = this.#pending.get(rid);
    if (waiting) {
      const before = waiting.exchange;
      waiting.exchange = exchange;
      if (this.#habits.echoes && rid !== this.#first) this.#copied.add(rid);
      return before === 0 ? [] : [recoverable(before, rid)];
    }
    if (rid < this.#expected) return this.#repeat(exchange, rid);
    this.#expectRules(rid, body, now);
    this.#pending.set(rid, { exchange, body });
    return [...this.#process(), ...this.#release()];
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

  /** It asks to repeat a request. */
  fail(rid: number): ManagerAnswer[] {
    const pending = this.#pending.get(rid);
    if (!pending) return [];
    const answer = recoverable(pending.exchange, rid);
    pending.exchange = 0;
    return [answer];
  }

  /** The connection of an exchange broke. */
  broken(exchange: number): void {
    const rid = this.#held.find((held) => this.#pending.get(held)?.exchange === exchange);
    if (!this.#habits.forgets || rid === undefined) return;
    this.#held.splice(this.#held.indexOf(rid), 1);
    this.#pending.delete(rid);
    this.#forgotten.add(rid);
  }

  /** It ends the session: the held request is told, and gets what was left. */
  end(): ManagerAnswer[] {
    this.#isOver = true;
    const [rid] = this.#held;
    const exchange = rid === undefined ? 0 : (this.#pending.get(rid)?.exchange ?? 0);
    if (rid === undefined || exchange === 0) return [];
    const attributes = { type: 'terminate', condition: 'system-shutdown' };
    return [{ exchange, rid, attributes, stanzas: this.#queue.splice(0) }];
  }

  #process(): ManagerAnswer[] {
    const answers: ManagerAnswer[] = [];
    for (let next = this.#pending.get(this.#expected); next; ) {
      const rid = this.#expected++;
      this.received.push(...(next.body.match(/(?<=<s>)\d+(?=<\/s>)/gu) ?? []));
      if (isPause(next.body)) answers.push(...this.#pause(rid, next.exchange));
      else this.#held.push(rid);
      next = this.#pending.get(this.#expected);
    }
    return answers;
  }

  #pause(rid: number, exchange: number): ManagerAnswer[] {
    const answers: ManagerAnswer[] = [];
    while (this.#held.length > 0) answers.push(this.#answerOldest());
    this.#pauses.add(rid);
    this.#pending.delete(rid);
    if (this.#habits.pause === 'answered') {
      answers.push({ exchange, rid, attributes: {}, stanzas: [] });
    }
    return answers;
  }

  /** A request it has had and has done with. */
  #repeat(exchange: number, rid: number): ManagerAnswer[] {
    const gone = { exchange, rid, attributes: GONE, stanzas: [] };
    if (this.#pauses.has(rid)) return this.#habits.pause === 'answered' ? [gone] : [];
    if (this.#forgotten.has(rid)) {
      if (rid !== this.#expected - 1) return [gone];
      this.#forgotten.delete(rid);
      this.#pending.set(rid, { exchange, body: this.#bodies.get(rid) ?? '' });
      this.#held.push(rid);
      return this.#release();
    }
    const kept = this.#answered.get(rid);
    const isKept = this.#habits.acknowledges
      ? rid > this.#acknowledged
      : rid >= this.#expected - WINDOW - HOLD;
    if (!kept || !isKept) throw new Error(`the answer to ${rid} is no longer kept`);
    return [{ ...kept, exchange }];
  }

  #acknowledge(rid: number, body: string): void {
    const told = /^<body [^>]*\back='(\d+)'/u.exec(body)?.[1];
    if (rid === this.#first) return;
    const upTo = told === undefined ? rid - 1 : Number(told);
    this.#acknowledged = Math.max(this.#acknowledged, upTo);
    if (upTo < this.#acknowledged || !this.#answered.has(upTo + 1)) return;
    this.#report = upTo + 1;
  }

  #expectRules(rid: number, body: string, now: number): void {
    const extra = isPause(body) ? 1 : 0;
    if (rid >= this.#expected + WINDOW + extra) throw new Error(`rid ${rid} is outside the window`);
    if (rid < Math.max(...this.#pending.keys())) return;
    const isEmpty = !body.includes('<s>') && !isPause(body);
    if (isEmpty && this.#habits.polled && now < this.#emptyAt + POLLING_MS) {
      throw new Error(`rid ${rid} polls too soon`);
    }
    const soon = this.#arrivedAt + POLLING_MS - TRANSIT_MS;
    const isFull = this.#pending.size + 1 >= WINDOW;
    if (isEmpty && isFull && now < soon && !this.#habits.ends) {
      throw new Error(`rid ${rid} is empty and comes too soon`);
    }
    this.#emptyAt = isEmpty ? now : Number.NEGATIVE_INFINITY;
    this.#arrivedAt = now;
  }

  #release(): ManagerAnswer[] {
    const answers: ManagerAnswer[] = [];
    const isDue = () =>
      this.#queue.length > 0 || this.#report !== undefined || this.#habits.polled === true;
    while (this.#held.length > HOLD || (this.#held.length > 0 && isDue())) {
      answers.push(this.#answerOldest());
    }
    return answers;
  }

  #answerOldest(): ManagerAnswer {
    const rid = this.#held.shift() ?? 0;
    const stanzas = this.#queue.splice(0);
    if (stanzas.length > 0 || rid === this.#first) this.#emptyAt = Number.NEGATIVE_INFINITY;
    const exchange = this.#pending.get(rid)?.exchange ?? 0;
    this.#pending.delete(rid);
    const attributes: Record<string, string> = {};
    const highest = this.#expected - 1;
    if (this.#habits.acknowledges && highest !== rid) attributes.ack = String(highest);
    if (this.#report !== undefined && this.#report !== rid) {
      Object.assign(attributes, { report: String(this.#report), time: '100' });
    }
    this.#report = undefined;
    const echo = stanzas.length === 0 && this.#copied.has(rid) ? this.#bodies.get(rid) : undefined;
    const answer = { exchange, rid, attributes, stanzas, ...(echo !== undefined && { echo }) };
    this.#answered.set(rid, answer);
    return answer;
  }
}

function recoverable(exchange: number, rid: number): ManagerAnswer {
  return { exchange, rid, attributes: { type: 'error' }, stanzas: [] };
}

function isPause(body: string): boolean {
  return /^<body [^>]*\bpause='/u.test(body);
}
