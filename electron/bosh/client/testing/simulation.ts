/**
 * A whole history of one session in memory: the machine, a journal on disk, a network that loses, delays and
 * swaps, a manager, and processes that die. What happens next is chosen by numbers, so that fast-check can
 * drive it and shrink a failure.
 */
import { decodeBody, encodeBody } from '../../protocol/body.ts';
import type { JournalRequest, SessionRecord } from '../journal.ts';
import type { SessionEffect, SessionEvent } from '../session-events.ts';
import { SessionMachine } from '../session-machine.ts';
import { type ManagerAnswer, SimulatedManager } from './simulated-manager.ts';

const FIRST_RID = 1000;
const SID = 'sid-1';
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
  state: 'sending' | 'sent' | 'arrived' | 'over';
}

export interface SimulationOptions {
  /** Looks like a manager that copes with swapped requests, so that no guard is kept. */
  readonly tolerant: boolean;
}

/** What survives a process: the journal and the application's own records. */
interface Disk {
  record: SessionRecord | undefined;
  readonly requests: Map<number, JournalRequest>;
  readonly payloads: Map<number, readonly string[]>;
  /** Ids of stanzas that are or were in a journalled body. */
  readonly handed: Set<string>;
  /** Stanzas the application has recorded, in order. */
  readonly shown: string[];
}

export class Simulation {
  readonly manager = new SimulatedManager(FIRST_RID);
  readonly history: string[] = [];
  /** What the application wrote, in order. */
  readonly written: string[] = [];
  /** What the server pushed, in order. */
  readonly pushed: string[] = [];
  readonly disk: Disk = {
    record: undefined,
    requests: new Map(),
    payloads: new Map(),
    handed: new Set(),
    shown: [],
  };
  #machine: SessionMachine;
  #now = 1_000_000;
  #wakeAt: number | undefined;
  #flush = false;
  #nextExchange = 1;
  #nextStanza = 1;
  #bound = false;
  readonly #exchanges: Exchange[] = [];
  #answers: ManagerAnswer[] = [];
  /** Journal writes not yet on disk, in order: each applies itself and then tells the machine. */
  #writes: { apply: () => void; thenTell?: SessionEvent }[] = [];
  readonly #tolerant: boolean;

  constructor(options: SimulationOptions) {
    this.#tolerant = options.tolerant;
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

  get shown(): readonly string[] {
    return this.disk.shown;
  }

  get ended(): boolean {
    return this.#machine.state === 'closed';
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
      if (!action) return;
      this.history.push(action.name);
      action.run();
      this.#check();
    }
    throw new Error('it never comes to rest');
  }

  #actions(faults: boolean): { name: string; run: () => void }[] {
    const actions: { name: string; run: () => void }[] = [];
    const add = (name: string, run: () => void) => actions.push({ name, run });
    if (this.#writes.length > 0) add('disk', () => this.#writeOne());
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
    // What is on its way arrives sooner than a stall is noticed; stalls have tests of their own.
    const soon = this.#wakeAt !== undefined && this.#wakeAt - this.#now < 7_000;
    if (soon || (this.#wakeAt !== undefined && !faults)) add('wake', () => this.#wake());
    if (!faults) return actions;
    add('write', () => this.write());
    add('push', () => this.push());
    if (this.manager.holds > 0)
      add('wait over', () => this.#answers.push(...this.manager.waitOver()));
    for (const exchange of this.#exchanges) {
      if (exchange.state === 'over') continue;
      add(`lose ${exchange.rid}`, () => this.#lose(exchange));
    }
    add('retry now', () => this.#tell({ type: 'retry-now' }));
    add('crash', () => this.crash(false));
    add('crash, requests arrive', () => this.crash(true));
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
  crash(requestsArrive: boolean): void {
    this.#writes = [];
    for (const exchange of this.#exchanges) {
      if (requestsArrive && exchange.state !== 'arrived') this.#reach(exchange);
      exchange.state = 'over';
    }
    this.#exchanges.length = 0;
    this.#answers = [];
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
    const { record, requests } = this.disk;
    return new SessionMachine({
      endpoint: 'http://127.0.0.1/http-bind',
      to: 'b',
      lang: 'en',
      firstRid: FIRST_RID,
      random: () => 0.5,
      ...(record ? { record: { ...record, unanswered: [...requests.values()] } } : {}),
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
        this.#writes.push({
          apply: () => {
            disk.requests.delete(rid);
            if (payload !== undefined) disk.payloads.set(rid, stanzasOf(payload));
          },
          thenTell: { type: 'committed', rid },
        });
        return;
      }
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
        throw new Error(`ended: ${effect.problem.code}`);
      default:
        return;
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
    const { id, rid, body } = exchange;
    this.#answers.push(...this.manager.receive(id, rid, body));
  }

  #answer(answer: ManagerAnswer): void {
    this.#now += 1;
    this.#answers.splice(this.#answers.indexOf(answer), 1);
    const exchange = this.#exchanges.find((e) => e.id === answer.exchange && e.state === 'arrived');
    if (!exchange) return;
    this.#remove(exchange);
    const { rid, attempt } = exchange;
    const payload = answer.stanzas.map((stanza) => `<s>${stanza}</s>`).join('');
    const attributes = rid === FIRST_RID ? this.#creationAttributes() : {};
    const body = decodeBody(encodeBody(attributes, payload));
    this.#tell({ type: 'answered', rid, attempt, body, facts: NO_FACTS });
  }

  #creationAttributes(): Record<string, string> {
    const shared = {
      sid: SID,
      wait: '60',
      hold: '1',
      requests: '2',
      inactivity: '60',
      polling: '5',
    };
    return this.#tolerant
      ? { ...shared, ver: '1.6', authid: SID }
      : { ...shared, ver: '1.11', authid: SID, maxpause: '120', 'xmpp:restartlogic': 'true' };
  }

  #lose(exchange: Exchange): void {
    this.#remove(exchange);
    const { rid, attempt } = exchange;
    this.#tell({ type: 'failed', rid, attempt, problem: RESET });
  }

  /** Aborted: what was on its way arrives all the same, its answer finds nobody. */
  #over(exchange: Exchange): void {
    if (exchange.state !== 'arrived') this.#reach(exchange);
    this.#remove(exchange);
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

  #check(): void {
    const unanswered = this.#machine.requests.filter((request) => !request.answer);
    if (unanswered.length > 2) throw new Error('more than the window is unanswered');
    expectPrefix(this.manager.received, this.written, 'server');
    expectPrefix(this.shown, this.pushed, 'client');
  }
}

function stanzasOf(payload: string): string[] {
  return payload.match(/(?<=<s>)\d+(?=<\/s>)/gu) ?? [];
}

function expectPrefix(got: readonly string[], whole: readonly string[], who: string): void {
  const wrong = got.findIndex((stanza, index) => stanza !== whole[index]);
  if (wrong >= 0) throw new Error(`${who} got ${got.join(' ')} of ${whole.join(' ')}`);
}
