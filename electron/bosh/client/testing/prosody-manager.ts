/**
 * Prosody's connection manager as its mod_bosh has it, with what it does to a session: it keeps two answers, puts
 * off a request that comes before the one it follows, and once it has that one answers on the connection of the
 * request it put off, even where that is gone; from then on everything it says goes there. For the property tests.
 */
import type { ManagerAnswer, SimulatedManager } from './simulated-manager.ts';

const HOLD = 1;
/** Answers kept to be given again: the last ones given. */
const KEPT = HOLD + 1;
const GONE = { type: 'terminate', condition: 'item-not-found' };

interface Held {
  readonly rid: number;
  readonly exchange: number;
  /** Its connection was gone before it was held: nobody hears what it is answered, and it stays. */
  readonly isDeaf: boolean;
}

interface PutOff {
  readonly rid: number;
  readonly exchange: number;
  readonly body: string;
  isGone: boolean;
}

export class ProsodyManager implements Pick<SimulatedManager, keyof SimulatedManager> {
  readonly received: string[] = [];
  readonly unanswered: readonly number[] = [];
  isOver = false;
  #rid: number;
  #held: Held[] = [];
  #putOff: PutOff | undefined;
  readonly #answers = new Map<number, ManagerAnswer>();
  readonly #bodies = new Map<number, string>();
  #buffer: string[] = [];

  constructor(firstRid: number) {
    this.#rid = firstRid - 1;
  }

  get holds(): number {
    return this.#held.length;
  }

  receive(exchange: number, rid: number, body: string): ManagerAnswer[] {
    const known = this.#bodies.get(rid) ?? body;
    if (known !== body) throw new Error(`rid ${rid} with other bytes`);
    this.#bodies.set(rid, body);
    const gone = [{ exchange, rid, attributes: GONE, stanzas: [] }];
    if (this.isOver) return gone;
    const ahead = rid - this.#rid;
    if (ahead > HOLD + 1) throw new Error(`rid ${rid} is outside the window`);
    if (ahead === 2) {
      this.#putOff = { rid, exchange, body, isGone: false };
      return [];
    }
    const answer = this.#answers.get(rid);
    if (ahead < 1 && answer) return [{ ...answer, exchange }];
    if (ahead < 0) return gone;
    if (ahead === 1) this.#process(rid, body);
    this.#held.push({ rid, exchange, isDeaf: false });
    if (ahead === 1) this.#takePutOff();
    const answers = this.#buffer.length > 0 ? this.#send() : [];
    if (this.#held.length > HOLD) answers.push(...this.#send());
    return answers;
  }

  push(stanza: string): ManagerAnswer[] {
    this.#buffer.push(stanza);
    return this.#send();
  }

  waitOver(): ManagerAnswer[] {
    return this.#send();
  }

  fail(): ManagerAnswer[] {
    return [];
  }

  /** It notices that the connection of this exchange is gone. */
  broken(exchange: number): void {
    this.#held = this.#held.filter((held) => held.isDeaf || held.exchange !== exchange);
    if (this.#putOff?.exchange === exchange) this.#putOff.isGone = true;
  }

  end(): ManagerAnswer[] {
    this.isOver = true;
    const attributes = { type: 'terminate', condition: 'remote-stream-error' };
    const heard = this.#held.filter(({ isDeaf }) => !isDeaf);
    return heard.map(({ rid, exchange }) => ({ rid, exchange, attributes, stanzas: [] }));
  }

  #takePutOff(): void {
    const putOff = this.#putOff;
    if (!putOff) return;
    this.#putOff = undefined;
    const { rid, exchange, body, isGone } = putOff;
    this.#process(rid, body);
    this.#held.push({ rid, exchange, isDeaf: isGone });
  }

  #process(rid: number, body: string): void {
    this.#rid = rid;
    this.received.push(...(body.match(/(?<=<s>)\d+(?=<\/s>)/gu) ?? []));
  }

  /** Answers the oldest request it holds, with all there is. */
  #send(): ManagerAnswer[] {
    const [oldest] = this.#held;
    if (!oldest) return [];
    const { rid, exchange, isDeaf } = oldest;
    const answer = { rid, exchange, attributes: {}, stanzas: this.#buffer };
    this.#buffer = [];
    this.#keep(answer);
    if (isDeaf) return [];
    this.#held.shift();
    return [answer];
  }

  #keep(answer: ManagerAnswer): void {
    this.#answers.delete(answer.rid);
    this.#answers.set(answer.rid, answer);
    const [eldest] = this.#answers.keys();
    if (this.#answers.size > KEPT && eldest !== undefined) this.#answers.delete(eldest);
  }
}
