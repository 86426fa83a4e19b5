/**
 * A whole history of one session in memory: the machine, a journal on disk, a network that loses, delays and
 * swaps, a manager, and processes that die. What happens next is chosen by numbers, so that fast-check can
 * drive it and shrink a failure.
 */
import { decodeBody, encodeBody } from '../../protocol/body.ts';
import type { JournalRequest, SessionRecord } from '../journal.ts';
import type { SessionEffect, SessionEvent } from '../session-events.ts';
import { SessionMachine } from '../session-machine.ts';
import { ProsodyManager } from './prosody-manager.ts';
import {
  type ManagerAnswer,
  type ManagerHabits,
  POLLING_MS,
  SimulatedManager,
  TRANSIT_MS,
} from './simulated-manager.ts';

const FIRST_RID = 1000;
const SID = 'sid-1';
const WAIT_MS = 60_000;
const RESET = {
  code: 'network.reset',
  source: 'network',
  message: 'reset',
  advice: '',
  retry: 'now',
} as const;
const NO_FACTS = { bytesSent: 0, bytesReceived: 0 };

interface Exchange {
  readonly id: number;
  readonly rid: number;
  readonly attempt: number;
  readonly lane: number;
  readonly body: string;
  readonly postedAt: number;
  state: 'sending' | 'sent' | 'arrived' | 'over';
}

export interface SimulationOptions extends ManagerHabits {
  /** Looks like a manager that copes with swapped requests, so that no guard is kept. */
  readonly tolerant?: boolean;
  /** It answers with recoverable errors (XEP-0124 §17.3) now and then. */
  readonly fails?: boolean;
  /** The manager is Prosody's, which may end by no longer answering. */
  readonly prosody?: boolean;
}

/** What survives a process: the journal and the application's own records. */
interface Disk {
  record: SessionRecord | undefined;
  readonly requests: Map<number, JournalRequest>;
  readonly payloads: Map<number, readonly string[]>;
  /** What was kept with its request until it can be delivered, by rid. */
  readonly kept: Map<number, string>;
  /** Ids of stanzas that are or were in a journalled body. */
  readonly handed: Set<string>;
  /** Stanzas the application has recorded, in order. */
  readonly shown: string[];
}

export class Simulation {
  readonly manager: SimulatedManager | ProsodyManager;
  readonly history: string[] = [];
  /** What the application wrote, in order. */
  readonly written: string[] = [];
  /** What the server pushed, in order. */
  readonly pushed: string[] = [];
  readonly disk: Disk = {
    record: undefined,
    requests: new Map(),
    payloads: new Map(),
    kept: new Map(),
    handed: new Set(),
    shown: [],
  };
  #machine: SessionMachine;
  #now = 1_000_000;
  #wakeAt: number | undefined;
  #flush = false;
  #nextExchange = 1;
  #nextStanza = 1;
  #inherited = 0;
  /** Requests of which the manager did not notice that their connection broke. */
  readonly #slipped = new Set<number>();
  #bound = false;
  readonly #exchanges: Exchange[] = [];
  #answers: ManagerAnswer[] = [];
  /** Journal writes not yet on disk, in order: each applies itself and then tells the machine. */
  #writes: { apply: () => void; thenTell?: SessionEvent }[] = [];
  readonly #options: SimulationOptions;
  /** Stanzas in answers that this process has had. */
  readonly #heard = new Set<string>();
  /** The code of the session's end. */
  #ended: string | undefined;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.manager = options.prosody
      ? new ProsodyManager(FIRST_RID)
      : new SimulatedManager(FIRST_RID, options);
    this.#machine = this.#newMachine();
    this.#tell({ type: 'start' });
    // The handshake is not what is tested: it goes through at once.
    this.#arrive(this.#only('sending'));
    this.#answerAll();
    this.#settle();
    this.#tell({ type: 'bound', jid: 'a@b/c' });
    this.#bound = true;
    this.#settle();
  }

  /** Lets one of all things that can happen now happen. */
  step(choice: number): void {
    const actions = this.#actions(true);
    const action = actions[choice % actions.length];
    if (!action) return;
    this.history.push(action.name);
    action.run();
    this.#check();
  }

  /** From here on nothing goes wrong: lets everything arrive. */
  drain(): void {
    for (let turn = 0; turn < 10_000; turn += 1) {
      const actions = this.#actions(false);
      const action = actions[0];
      if (!action || this.#hasNothingLeft()) return;
      this.history.push(action.name);
      action.run();
      this.#check();
    }
    throw new Error('it never comes to rest');
  }

  /** Nothing is lost, doubled or out of order: what both sides have at the end. */
  verify(): void {
    const { manager, written, pushed, disk } = this;
    if (this.#ended === undefined) {
      expectSame(manager.received, written, 'server');
      expectSame(disk.shown, pushed, 'client');
      const holds = this.#options.polled ? 0 : 1;
      if (manager.holds !== holds) throw new Error(`it holds ${manager.holds} requests`);
      return;
    }
    const received = new Set(manager.received);
    const kept = new Set([...disk.requests.values()].flatMap(({ messageIds }) => messageIds));
    const lost = written.filter((id) => disk.handed.has(id) && !received.has(id) && !kept.has(id));
    if (lost.length > 0) throw new Error(`${lost.join(' ')} sent to nobody and kept nowhere`);
    const waiting = [...disk.kept.values()].flatMap(stanzasOf);
    const had = new Set([...disk.shown, ...[...disk.payloads.values()].flat(), ...waiting]);
    const dropped = [...this.#heard].filter((stanza) => !had.has(stanza));
    if (dropped.length > 0) throw new Error(`${dropped.join(' ')} came and was kept nowhere`);
  }

  get #mayEnd(): boolean {
    return this.#options.ends === true || this.#options.prosody === true;
  }

  #actions(faults: boolean): { name: string; run: () => void }[] {
    const actions: { name: string; run: () => void }[] = [];
    const add = (name: string, run: () => void) => actions.push({ name, run });
    if (this.#writes.length > 0) add('disk', () => this.#writeOne());
    if (this.#ended !== undefined) return actions;
    if (this.#flush) add('flush', () => this.#doFlush());
    for (const exchange of this.#exchanges) {
      const { rid, attempt } = exchange;
      if (exchange.state === 'sending') {
        add(`sent ${rid}`, () => {
          exchange.state = 'sent';
          this.#tell({ type: 'sent', rid, attempt });
        });
      }
      if (exchange.state === 'sending' || exchange.state === 'sent') {
        add(`arrive ${rid}`, () => this.#arrive(exchange));
      }
    }
    for (const answer of this.#answers) {
      add(`answer ${answer.rid}`, () => this.#answer(answer));
    }
    if (this.#mayWake(faults)) add('wake', () => this.#wake());
    if (!faults) return actions;
    const { fails, ends, pause, prosody } = this.#options;
    add('write', () => this.write());
    add('push', () => this.push());
    add('time passes', () => this.#pass());
    if (this.#isQuiet()) add('wait over', () => this.#waitOver());
    for (const exchange of this.#exchanges) {
      if (exchange.state === 'over') continue;
      add(`lose ${exchange.rid}`, () => this.#lose(exchange, true));
      if (this.#maySlip(exchange)) {
        add(`lose ${exchange.rid}, unnoticed`, () => this.#lose(exchange, false));
      }
    }
    for (const rid of fails ? this.manager.unanswered : []) {
      add(`error ${rid}`, () => this.#answers.push(...this.manager.fail(rid)));
    }
    if (pause !== undefined && this.#machine.state === 'open') {
      add('pause', () => this.#tell({ type: 'pause', seconds: 60 }));
    }
    // Late enough for something to have happened.
    if (ends && this.history.length > 30 && !this.manager.isOver) {
      add('manager ends', () => this.#answers.push(...this.manager.end()));
    }
    add('retry now', () => this.#tell({ type: 'retry-now' }));
    add('crash', () => this.crash(false));
    add('crash, requests arrive', () => this.crash(true));
    if (prosody) add('crash, noticed', () => this.crash(true, true));
    return actions;
  }

  write(): void {
    const stanza = String(this.#nextStanza++);
    this.written.push(stanza);
    this.#writeStanza(stanza);
  }

  push(): void {
    const stanza = String(this.#nextStanza++);
    this.pushed.push(stanza);
    this.#answers.push(...this.manager.push(stanza));
  }

  /** The process dies and another one goes on. */
  crash(requestsArrive: boolean, isNoticed = this.#options.prosody === true): void {
    this.#writes = [];
    for (const exchange of [...this.#exchanges].reverse()) {
      if (requestsArrive && exchange.state !== 'arrived') this.#reach(exchange);
      if (isNoticed) this.manager.broken(exchange.id);
      exchange.state = 'over';
    }
    this.#exchanges.length = 0;
    this.#answers = [];
    this.#heard.clear();
    this.#flush = false;
    this.#wakeAt = undefined;
    this.#machine = this.#newMachine();
    for (const [rid, stanzas] of [...this.disk.payloads]) this.#show(rid, stanzas);
    this.#tell({ type: 'start' });
    for (const stanza of this.written) {
      if (!this.disk.handed.has(stanza)) this.#writeStanza(stanza);
    }
  }

  #newMachine(): SessionMachine {
    const { record, requests, kept } = this.disk;
    const withAnswer = (request: JournalRequest) => {
      const answer = kept.get(request.rid);
      return { ...request, ...(answer !== undefined && { answer }) };
    };
    this.#inherited = requests.size;
    return new SessionMachine({
      endpoint: 'http://127.0.0.1/http-bind',
      to: 'b',
      lang: 'en',
      firstRid: FIRST_RID,
      random: () => 0.5,
      ...(this.#options.polled && { polling: true }),
      ...(record
        ? { record: { ...record, unanswered: [...requests.values()].map(withAnswer) } }
        : {}),
    });
  }

  #writeStanza(stanza: string): void {
    this.#tell({ type: 'write', payload: `<s>${stanza}</s>`, messageIds: [stanza] });
  }

  #tell(event: SessionEvent): void {
    for (const effect of this.#machine.handle(event, this.#now)) this.#do(effect);
  }

  #do(effect: SessionEffect): void {
    const { disk } = this;
    switch (effect.type) {
      case 'post': {
        if (this.#exchanges.some((e) => e.lane === effect.lane && e.state !== 'over')) {
          throw new Error(`two exchanges on lane ${effect.lane}`);
        }
        if (this.#bound && !disk.requests.has(effect.rid)) {
          throw new Error(`rid ${effect.rid} is on the wire before it is on disk`);
        }
        const { rid, attempt, lane, body } = effect;
        this.#exchanges.push({
          id: this.#nextExchange++,
          rid,
          attempt,
          lane,
          body,
          postedAt: this.#now,
          state: 'sending',
        });
        return;
      }
      case 'abort': {
        const exchange = this.#exchanges.find(
          (e) => e.rid === effect.rid && e.attempt === effect.attempt,
        );
        if (exchange) this.#over(exchange);
        return;
      }
      case 'begin':
        this.#writes.push({
          apply: () => {
            disk.record = effect.record;
            for (const request of effect.record.unanswered) disk.requests.set(request.rid, request);
          },
        });
        return;
      case 'append': {
        const { request } = effect;
        this.#writes.push({
          apply: () => {
            disk.requests.set(request.rid, request);
            for (const id of request.messageIds) disk.handed.add(id);
            if (disk.record) disk.record = { ...disk.record, nextRid: request.rid + 1 };
          },
          thenTell: { type: 'appended', rid: request.rid },
        });
        return;
      }
      case 'commit': {
        const { rid, payload } = effect;
        const at = this.#now;
        this.#writes.push({
          apply: () => {
            this.#markSent(rid);
            disk.requests.delete(rid);
            disk.kept.delete(rid);
            if (disk.record) disk.record = { ...disk.record, lastAnswerAt: at };
            if (payload !== undefined) disk.payloads.set(rid, stanzasOf(payload));
          },
          thenTell: { type: 'committed', rid },
        });
        return;
      }
      case 'keep': {
        const { rid, payload } = effect;
        this.#writes.push({
          apply: () => {
            this.#markSent(rid);
            disk.kept.set(rid, payload);
          },
        });
        return;
      }
      case 'taken':
        this.#writes.push({ apply: () => this.#markSent(effect.rid) });
        return;
      case 'deliver':
        if (effect.rid !== undefined) {
          this.#show(
            effect.rid,
            effect.payload.map((element) => element.text()),
          );
        }
        return;
      case 'flush-later':
        this.#flush = true;
        return;
      case 'wake-at':
        this.#wakeAt = effect.at;
        return;
      case 'ended':
        if (!this.#mayEnd || this.#ended) throw new Error(`ended: ${effect.problem.code}`);
        this.#ended = effect.problem.code;
        return;
      default:
        return;
    }
  }

  /** The messages of this request count as sent: then the manager has them. */
  #markSent(rid: number): void {
    for (const id of this.disk.requests.get(rid)?.messageIds ?? []) {
      if (!this.manager.received.includes(id)) throw new Error(`${id} counts as sent and is not`);
    }
  }

  /** The application records a payload and says so, in one write. */
  #show(rid: number, stanzas: readonly string[]): void {
    this.#writes.push({
      apply: () => {
        if (this.disk.payloads.delete(rid)) this.disk.shown.push(...stanzas);
      },
    });
  }

  #writeOne(): void {
    const write = this.#writes.shift();
    write?.apply();
    if (write?.thenTell) this.#tell(write.thenTell);
  }

  #doFlush(): void {
    this.#flush = false;
    this.#tell({ type: 'flush' });
  }

  /** What is on its way arrives sooner than time flies; where sessions may end, it may also be stuck. */
  #mayWake(faults: boolean): boolean {
    if (this.#wakeAt === undefined) return false;
    if (!faults || this.#mayEnd) return true;
    const isBusy =
      this.#answers.length > 0 || this.#exchanges.some(({ state }) => state !== 'arrived');
    return this.#wakeAt - this.#now < (isBusy ? TRANSIT_MS : 2 * POLLING_MS);
  }

  /** Some time in which nothing else happens; what is due meanwhile is done when it is due. */
  #pass(): void {
    const until = this.#now + 1.5 * TRANSIT_MS;
    if (this.#wakeAt !== undefined && this.#wakeAt <= until) this.#wake();
    else this.#now = until;
  }

  /** Nothing is on its way, and the manager holds a request. */
  #isQuiet(): boolean {
    const isBusy = this.#flush || this.#writes.length > 0 || this.#answers.length > 0;
    const isHeld = this.#exchanges.every(({ state }) => state === 'arrived');
    return !isBusy && isHeld && this.manager.holds > 0 && !this.manager.isOver;
  }

  /** The time a request is held for passes, if the client lets it. */
  #waitOver(): void {
    const until = this.#now + WAIT_MS;
    while (this.#wakeAt !== undefined && this.#wakeAt <= until) {
      this.#wake();
      if (!this.#isQuiet()) return;
    }
    this.#now = until;
    this.#answers.push(...this.manager.waitOver());
  }

  #wake(): void {
    this.#now = Math.max(this.#now, this.#wakeAt ?? this.#now);
    this.#wakeAt = undefined;
    this.#tell({ type: 'wake' });
  }

  #arrive(exchange: Exchange | undefined): void {
    if (!exchange) return;
    this.#now += 1;
    if (exchange.state === 'sending') {
      exchange.state = 'sent';
      this.#tell({ type: 'sent', rid: exchange.rid, attempt: exchange.attempt });
    }
    this.#reach(exchange);
  }

  #reach(exchange: Exchange): void {
    exchange.state = 'arrived';
    const { id, rid, body, postedAt } = exchange;
    const cameAt = Math.min(this.#now, postedAt + TRANSIT_MS);
    this.#answers.push(...this.manager.receive(id, rid, body, cameAt));
  }

  #answer(answer: ManagerAnswer): void {
    this.#now += 1;
    this.#answers.splice(this.#answers.indexOf(answer), 1);
    const exchange = this.#exchanges.find((e) => e.id === answer.exchange && e.state === 'arrived');
    if (!exchange) return;
    this.#remove(exchange);
    const { rid, attempt } = exchange;
    const isCreation = rid === FIRST_RID;
    const stanzas = answer.stanzas.map((stanza) => `<s>${stanza}</s>`).join('');
    const payload = isCreation ? '<features/>' : stanzas;
    const attributes = isCreation ? this.#creationAttributes() : answer.attributes;
    const body = decodeBody(answer.echo ?? encodeBody(attributes, payload));
    for (const stanza of answer.stanzas) this.#heard.add(stanza);
    this.#tell({ type: 'answered', rid, attempt, body, facts: NO_FACTS });
  }

  #creationAttributes(): Record<string, string> {
    const { tolerant, acknowledges, pause, polled } = this.#options;
    return {
      ...{ sid: SID, authid: SID, hold: '1', requests: '2', inactivity: '60' },
      ...{ polling: String(POLLING_MS / 1000), wait: polled ? '0' : String(WAIT_MS / 1000) },
      ...(tolerant ? { ver: '1.6' } : { ver: '1.11', 'xmpp:restartlogic': 'true' }),
      ...(acknowledges && { ack: String(FIRST_RID) }),
      ...(pause && { maxpause: '120' }),
    };
  }

  /**
   * Whether the manager may take a broken connection for a good one: once for each request. Twice, and Prosody
   * loses what it says between the answer it repeats and the next request, whatever a client does.
   */
  #maySlip({ rid }: Exchange): boolean {
    return this.#options.prosody === true && !this.#slipped.has(rid);
  }

  #lose(exchange: Exchange, isNoticed: boolean): void {
    this.#remove(exchange);
    if (isNoticed) this.manager.broken(exchange.id);
    else this.#slipped.add(exchange.rid);
    const { rid, attempt } = exchange;
    this.#tell({ type: 'failed', rid, attempt, problem: RESET });
  }

  /** Aborted: what was on its way arrives all the same, its answer finds nobody. */
  #over(exchange: Exchange): void {
    if (exchange.state !== 'arrived') this.#reach(exchange);
    this.#remove(exchange);
    this.manager.broken(exchange.id);
  }

  #remove(exchange: Exchange): void {
    exchange.state = 'over';
    this.#exchanges.splice(this.#exchanges.indexOf(exchange), 1);
  }

  #only(state: Exchange['state']): Exchange | undefined {
    return this.#exchanges.find((exchange) => exchange.state === state);
  }

  #answerAll(): void {
    if (this.manager.holds > 0) this.#answers.push(...this.manager.waitOver());
    for (const answer of [...this.#answers]) this.#answer(answer);
  }

  #settle(): void {
    while (this.#flush || this.#writes.length > 0) {
      if (this.#flush) this.#doFlush();
      this.#writeOne();
    }
  }

  /** A session that polls never comes to rest; it has nothing left to do. */
  #hasNothingLeft(): boolean {
    return (
      this.#options.polled === true &&
      this.#exchanges.length === 0 &&
      this.#writes.length === 0 &&
      !this.#flush &&
      this.manager.received.length === this.written.length &&
      this.disk.shown.length === this.pushed.length
    );
  }

  #check(): void {
    const { manager, disk } = this;
    const unanswered = this.#machine.requests.filter(
      ({ answer, forgottenAfter, kind }) =>
        !answer && forgottenAfter === undefined && kind !== 'pause',
    );
    // A process may inherit one more: it does not know what the manager has forgotten.
    if (unanswered.length > Math.max(2, this.#inherited))
      throw new Error('more than the window is unanswered');
    expectPrefix(manager.received, this.written, 'server');
    expectPrefix(disk.shown, this.pushed, 'client');
  }
}

function stanzasOf(payload: string): string[] {
  return payload.match(/(?<=<s>)\d+(?=<\/s>)/gu) ?? [];
}

function expectSame(got: readonly string[], whole: readonly string[], who: string): void {
  if (got.join(' ') === whole.join(' ')) return;
  throw new Error(`in the end the ${who} has ${got.join(' ')} of ${whole.join(' ')}`);
}

function expectPrefix(got: readonly string[], whole: readonly string[], who: string): void {
  const wrong = got.findIndex((stanza, index) => stanza !== whole[index]);
  if (wrong >= 0) throw new Error(`${who} got ${got.join(' ')} of ${whole.join(' ')}`);
}
