/**
 * A whole history of one session in memory: Holdfast's client machine, the manager's, and a network between them
 * that loses, delays, swaps and doubles. What happens next is chosen by numbers, so that fast-check can drive it.
 */

import type { Problem } from '../../../../shared/problem.ts';
import type { SessionEvent as ClientEvent, SessionEffect } from '../../client/session-events.ts';
import { SessionMachine } from '../../client/session-machine.ts';
import { decodeBody } from '../../protocol/body.ts';
import { readRequest } from '../bosh-request.ts';
import { DEFAULT_TERMS, negotiate } from '../grant.ts';
import { ManagerSession } from '../session.ts';
import type { SessionAction, SessionEvent } from '../session-events.ts';

const LIMITS = { length: 100_000, depth: 20, elements: 1_000, attributes: 50 };
const NO_FACTS = { bytesSent: 0, bytesReceived: 0 };
const RESET: Problem = {
  code: 'network.reset',
  source: 'network',
  message: 'reset',
  advice: '',
  retry: 'now',
};

/** A request on its way, with the manager, or answered and on its way back. */
interface Exchange {
  readonly rid: number;
  readonly attempt: number;
  readonly body: string;
  /** What the manager knows it by, once it is there; a copy made on the way takes the place of the first. */
  id: number | undefined;
  answer: string | undefined;
}

export interface SessionSimulationOptions {
  readonly polling?: boolean;
  /** The client proves with each request that it comes from it (XEP-0124 §15). */
  readonly keys?: boolean;
}

export class SessionSimulation {
  readonly history: string[] = [];
  readonly #client: SessionMachine;
  #manager: ManagerSession<number> | undefined;
  readonly #exchanges: Exchange[] = [];
  /** What the client wrote, and what of it the server has; and the other way round. */
  readonly #written: string[] = [];
  readonly #received: string[] = [];
  readonly #pushed: string[] = [];
  readonly #delivered: string[] = [];
  /** What is told while effects are carried out comes after these. */
  readonly #clientEvents: ClientEvent[] = [];
  readonly #managerEvents: SessionEvent<number>[] = [];
  #now = 1_000_000;
  #clientWakeAt: number | undefined;
  #managerWakeAt = Number.POSITIVE_INFINITY;
  #flush = false;
  #isBlocked = false;
  #nextId = 1;
  #nextStanza = 1;

  constructor({ polling, keys }: SessionSimulationOptions) {
    this.#client = new SessionMachine({
      ...{ endpoint: 'http://127.0.0.1/http-bind', to: 'example.org', lang: 'en' },
      ...{ firstRid: 1000, random: () => 0.5 },
      ...(polling && { polling: true }),
      ...(keys && { keySecret: 'secret' }),
    });
    this.#tellClient({ type: 'start' });
    this.#arriveAll();
    this.#serve('<features/>');
    this.#answerAll();
    this.#tellClient({ type: 'bound', jid: 'a@example.org/r' });
  }

  /** Lets one of all things that can happen now happen. */
  step(choice: number): void {
    const actions = this.#actions();
    const [name, run] = actions[choice % actions.length] ?? ['nothing', () => {}];
    this.history.push(name);
    run();
    this.#check();
  }

  /** From here on nothing goes wrong. */
  drain(): void {
    if (this.#isBlocked) this.#unblock();
    for (let turn = 0; turn < 2_000; turn += 1) {
      this.#arriveAll();
      this.#answerAll();
      this.#check();
      if (this.#isAtRest()) return;
      if (!this.#isMoving()) this.#wake();
    }
    throw new Error('it never comes to rest');
  }

  #actions(): [string, () => void][] {
    const actions: [string, () => void][] = [
      ['write', () => this.#write()],
      ['push', () => this.#serve(`<s>${this.#newStanza(this.#pushed)}</s>`)],
      ['retry now', () => this.#tellClient({ type: 'retry-now' })],
    ];
    if (this.#isBlocked) actions.push(['drain', () => this.#unblock()]);
    else actions.push(['block', () => this.#block()]);
    if (this.#flush) actions.push(['flush', () => this.#doFlush()]);
    if (this.#client.state === 'open') {
      actions.push(['pause', () => this.#tellClient({ type: 'pause', seconds: 300 })]);
    }
    for (const exchange of this.#exchanges) actions.push(...this.#actionsOn(exchange));
    // Whatever is on its way arrives sooner than time flies.
    if (!this.#isMoving()) actions.push(['wake', () => this.#wake()]);
    return actions;
  }

  #actionsOn(exchange: Exchange): [string, () => void][] {
    const { rid, id, answer } = exchange;
    if (id === undefined) {
      return [
        [`arrive ${rid}`, () => this.#arrive(exchange)],
        [`lose request ${rid}`, () => this.#fail(exchange)],
      ];
    }
    if (answer !== undefined) {
      return [
        [`answer ${rid}`, () => this.#answer(exchange)],
        [`lose answer ${rid}`, () => this.#fail(exchange)],
      ];
    }
    return [
      [`break ${rid}`, () => this.#break(exchange)],
      [`break ${rid} unnoticed`, () => this.#fail(exchange)],
      [`double ${rid}`, () => this.#arrive(exchange)],
    ];
  }

  // ---- the client ----------------------------------------------------------------------------

  #tellClient(event: ClientEvent): void {
    if (this.#clientEvents.push(event) > 1) return;
    for (let next = this.#clientEvents[0]; next; next = this.#clientEvents[0]) {
      for (const effect of this.#client.handle(next, this.#now)) this.#doForClient(effect);
      this.#clientEvents.shift();
    }
  }

  #doForClient(effect: SessionEffect): void {
    switch (effect.type) {
      case 'post': {
        const { rid, attempt, body } = effect;
        this.#exchanges.push({ rid, attempt, body, id: undefined, answer: undefined });
        this.#tellClient({ type: 'sent', rid, attempt });
        return;
      }
      case 'abort': {
        const aborted = this.#exchanges.find(
          ({ rid, attempt }) => rid === effect.rid && attempt === effect.attempt,
        );
        if (aborted) this.#drop(aborted);
        return;
      }
      case 'append':
        this.#tellClient({ type: 'appended', rid: effect.request.rid });
        return;
      case 'commit':
        this.#tellClient({ type: 'committed', rid: effect.rid });
        return;
      case 'deliver':
        for (const element of effect.payload) {
          if (element.name === 's') this.#delivered.push(element.text());
        }
        return;
      case 'flush-later':
        this.#flush = true;
        return;
      case 'wake-at':
        this.#clientWakeAt = effect.at;
        return;
      case 'ended':
        throw new Error(`the client ended: ${effect.problem.code}`);
      default:
        return;
    }
  }

  #write(): void {
    const stanza = this.#newStanza(this.#written);
    this.#tellClient({ type: 'write', payload: `<s>${stanza}</s>`, messageIds: [stanza] });
  }

  #newStanza(to: string[]): string {
    const stanza = String(this.#nextStanza++);
    to.push(stanza);
    return stanza;
  }

  #doFlush(): void {
    this.#flush = false;
    this.#tellClient({ type: 'flush' });
  }

  // ---- the network ---------------------------------------------------------------------------

  /** It, or a copy of it, reaches the manager; the answer to the last copy is the one that finds back. */
  #arrive(exchange: Exchange): void {
    this.#now += 1;
    const id = this.#nextId++;
    exchange.id = id;
    const request = readRequest(exchange.body, LIMITS);
    if (!this.#manager) {
      const settings = {
        ...{ sid: 'secret', address: '192.0.2.1', secure: true, returnUnread: 'requests' as const },
        ...{ bufferedLength: 100_000, requestsPerSecond: 100_000 },
        // A network that is down for longer than that is not what is tested.
        grant: negotiate(request, { ...DEFAULT_TERMS, inactivity: 1_000_000 }),
        newStreamName: () => 'stream',
      };
      this.#manager = new ManagerSession(settings, request, this.#now);
    }
    this.#tellManager({ type: 'request', request, exchange: id });
  }

  #answer(exchange: Exchange): void {
    this.#now += 1;
    this.#forget(exchange);
    const { rid, attempt, answer = '' } = exchange;
    const body = decodeBody(answer);
    this.#tellClient({ type: 'answered', rid, attempt, body, facts: NO_FACTS });
  }

  /** The client hears that its connection broke, the manager does not. */
  #fail(exchange: Exchange): void {
    this.#forget(exchange);
    const { rid, attempt } = exchange;
    this.#tellClient({ type: 'failed', rid, attempt, problem: RESET });
  }

  #break(exchange: Exchange): void {
    this.#drop(exchange);
    const { rid, attempt } = exchange;
    this.#tellClient({ type: 'failed', rid, attempt, problem: RESET });
  }

  #drop(exchange: Exchange): void {
    this.#forget(exchange);
    const { id } = exchange;
    if (id !== undefined) this.#tellManager({ type: 'dropped', exchange: id });
  }

  #forget(exchange: Exchange): void {
    const place = this.#exchanges.indexOf(exchange);
    if (place >= 0) this.#exchanges.splice(place, 1);
  }

  #isMoving(): boolean {
    const isUnderWay = this.#exchanges.some(({ id, answer }) => id === undefined || answer);
    return this.#flush || isUnderWay;
  }

  #arriveAll(): void {
    while (this.#flush || this.#exchanges.some(({ id }) => id === undefined)) {
      if (this.#flush) this.#doFlush();
      const next = this.#exchanges.find(({ id }) => id === undefined);
      if (next) this.#arrive(next);
    }
  }

  #answerAll(): void {
    for (const exchange of [...this.#exchanges]) {
      if (exchange.answer !== undefined) this.#answer(exchange);
    }
  }

  // ---- the manager ---------------------------------------------------------------------------

  #tellManager(event: SessionEvent<number>): void {
    if (this.#managerEvents.push(event) > 1) return;
    for (let next = this.#managerEvents[0]; next; next = this.#managerEvents[0]) {
      for (const action of this.#manager?.handle(next, this.#now) ?? []) this.#doForManager(action);
      this.#managerEvents.shift();
    }
  }

  #doForManager(action: SessionAction<number>): void {
    switch (action.type) {
      case 'answer': {
        const exchange = this.#exchanges.find(({ id }) => id === action.exchange);
        if (exchange) exchange.answer = action.answer.text;
        return;
      }
      case 'write':
        this.#received.push(...(action.xml.match(/(?<=<s>)\d+(?=<\/s>)/gu) ?? []));
        return;
      case 'wake-at':
        this.#managerWakeAt = action.at;
        return;
      case 'flush-later':
        this.#tellManager({ type: 'flush' });
        return;
      case 'ended':
        throw new Error(`the manager ended: ${action.reason}`);
      default:
        return;
    }
  }

  #serve(xml: string): void {
    this.#tellManager({ type: 'element', stream: 0, xml });
  }

  #block(): void {
    this.#isBlocked = true;
    this.#tellManager({ type: 'blocked', stream: 0 });
  }

  #unblock(): void {
    this.#isBlocked = false;
    this.#tellManager({ type: 'drained', stream: 0 });
  }

  // ---- time and what must hold ---------------------------------------------------------------

  #wake(): void {
    const at = Math.min(this.#clientWakeAt ?? Number.POSITIVE_INFINITY, this.#managerWakeAt);
    if (!Number.isFinite(at)) return;
    this.#now = Math.max(this.#now, at);
    if (this.#managerWakeAt <= this.#now) {
      this.#managerWakeAt = Number.POSITIVE_INFINITY;
      this.#tellManager({ type: 'wake' });
    }
    if (this.#clientWakeAt !== undefined && this.#clientWakeAt <= this.#now) {
      this.#clientWakeAt = undefined;
      this.#tellClient({ type: 'wake' });
    }
  }

  #isAtRest(): boolean {
    return (
      this.#received.length === this.#written.length &&
      this.#delivered.length === this.#pushed.length &&
      this.#client.state === 'open'
    );
  }

  #check(): void {
    expectPrefix(this.#received, this.#written, 'server');
    expectPrefix(this.#delivered, this.#pushed, 'client');
    if ((this.#manager?.waiting ?? 0) > 3) throw new Error('it holds more than the window');
  }
}

function expectPrefix(got: readonly string[], whole: readonly string[], who: string): void {
  const wrong = got.findIndex((stanza, index) => stanza !== whole[index]);
  if (wrong >= 0) throw new Error(`${who} got ${got.join(' ')} of ${whole.join(' ')}`);
}
