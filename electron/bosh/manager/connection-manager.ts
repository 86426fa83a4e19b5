/**
 * The connection manager (XEP-0124 §3): keeps the sessions, carries out what they ask for and tells them what
 * happens. It knows nothing of HTTP: `http-edge.ts` brings it requests from the network, and the playground from
 * inside the app.
 */
import { randomBytes } from 'node:crypto';
import type { XmlLimits } from '../protocol/xml-reader.ts';
import { AddressBook } from './address-book.ts';
import { refusal } from './binding-answer.ts';
import { BadRequest, type BoshRequest, readRequest, sidOf } from './bosh-request.ts';
import { DEFAULT_TERMS, negotiate, type SessionTerms } from './grant.ts';
import { DEFAULT_LIMITS, type ManagerLimits } from './limits.ts';
import { ManagerSession } from './session.ts';
import type {
  Answer,
  Condition,
  EndReason,
  SessionAction,
  SessionEvent,
} from './session-events.ts';
import { TimerWheel, type WheelEntry } from './timer-wheel.ts';
import type { ReturnUnread } from './unread-stanzas.ts';
import type { StreamEnd, StreamListener, Upstream, UpstreamStream } from './upstream.ts';

/** Who sends a request. */
export interface Peer {
  readonly address: string;
  /** Its requests come over TLS. */
  readonly secure: boolean;
}

/** A request's way back, called once. */
export interface Exchange {
  /** Whose request it is; the manager's own, from `receive` to `answer`. */
  session?: unknown;
  answer(answer: Answer): void;
  /** Closes the connection without a word (XEP-0124 §19.1). */
  cut(): void;
}

/** What happened, for a log: nothing in it lets anyone into a session. */
export type ManagerEvent =
  | {
      readonly type: 'created';
      readonly session: string;
      readonly address: string;
      readonly to: string;
    }
  | { readonly type: 'ended'; readonly session: string; readonly reason: EndReason }
  /** A request that no session took. */
  | {
      readonly type: 'refused';
      readonly condition: Condition;
      readonly detail: string;
      readonly address: string;
    }
  /** An error in the manager or behind it, which ended a session. */
  | {
      readonly type: 'fault';
      readonly session: string;
      readonly detail: string;
      readonly address: string;
    };

/** How things stand; counters begin with the manager. */
export interface ManagerReadings {
  readonly sessions: number;
  /** Requests that wait for their answer. */
  readonly held: number;
  /** UTF-16 units that wait for clients. */
  readonly buffered: number;
  readonly streams: number;
  readonly requests: number;
  readonly created: number;
  /** Sessions that are over, by reason. */
  readonly ended: Readonly<Partial<Record<EndReason, number>>>;
  /** Requests that no session took, by condition. */
  readonly refused: Readonly<Partial<Record<Condition, number>>>;
}

export interface ConnectionManagerOptions {
  readonly upstream: Upstream;
  readonly terms?: Partial<SessionTerms>;
  readonly limits?: Partial<ManagerLimits>;
  /** Where sessions are to be instead of over plain HTTP (`see-other-uri`); absent: they may be. */
  readonly secureUrl?: string;
  /** Which senders are told of stanzas that a client never fetched (XEP-0206 §8); default `requests`. */
  readonly returnUnread?: ReturnUnread;
  readonly onEvent?: (event: ManagerEvent) => void;
}

export interface ConnectionManager {
  readonly limits: ManagerLimits;
  /** Whether anything of this client's is to be read: not where it was refused too often. */
  listensTo(peer: Peer): boolean;
  /** Takes a whole request. */
  receive(text: string, peer: Peer, exchange: Exchange): void;
  /** The connection of an exchange without an answer broke. */
  dropped(exchange: Exchange): void;
  /** Refuses a request that could not be read. */
  refuse(condition: Condition, detail: string, peer: Peer, exchange: Exchange): void;
  /**
   * Goes out of service: takes no new session, ends all others with `system-shutdown` after what waits for them.
   * Resolves when every client has been told, or after `graceMs`.
   */
  drain(graceMs: number): Promise<void>;
  /** Ends everything at once. */
  close(): Promise<void>;
  readings(): ManagerReadings;
}

export function createConnectionManager(options: ConnectionManagerOptions): ConnectionManager {
  return new Manager(options);
}

/** No request without a sid is longer, in UTF-16 units. */
const LONGEST_CREATION = 16_384;
/** Namespace of what is said beside `undefined-condition`. */
const NS_REASON = 'urn:holdfast:connection-manager';

class Manager implements ConnectionManager {
  readonly limits: ManagerLimits;
  readonly #options: ConnectionManagerOptions;
  readonly #terms: SessionTerms;
  readonly #xmlLimits: XmlLimits;
  readonly #sessions = new Map<string, Session>();
  readonly #addresses: AddressBook;
  readonly #wheel: TimerWheel<Session>;
  /** Sessions that are told at the end of this tick that the server has said all it has to say for now. */
  readonly #flushing: Session[] = [];
  readonly #ended: Partial<Record<EndReason, number>> = {};
  readonly #refused: Partial<Record<Condition, number>> = {};
  #requests = 0;
  #created = 0;
  /** Set when it goes out of service. */
  #drained: (() => void) | undefined;
  /** Sessions whose clients do not know yet. */
  readonly #draining = new Set<Session>();
  #isClosed = false;

  constructor(options: ConnectionManagerOptions) {
    this.#options = options;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#terms = { ...DEFAULT_TERMS, ...options.terms };
    const { bodyBytes: length, depth, elements } = this.limits;
    this.#xmlLimits = { length, depth, elements, attributes: 64 };
    this.#addresses = new AddressBook(this.limits);
    this.#wheel = new TimerWheel(now, (session) => this.#tell(session, { type: 'wake' }));
  }

  listensTo({ address }: Peer): boolean {
    return !this.#addresses.isRefused(address, now());
  }

  receive(text: string, peer: Peer, exchange: Exchange): void {
    this.#requests += 1;
    const sid = sidOf(text);
    if (sid === undefined && text.length > LONGEST_CREATION) {
      this.refuse('bad-request', 'long, and without a sid', peer, exchange);
      return;
    }
    if (sid !== undefined && !this.#sessions.has(sid)) {
      this.refuse('item-not-found', 'no such session', peer, exchange);
      return;
    }
    let request: BoshRequest;
    try {
      request = readRequest(text, this.#xmlLimits);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      const isLegacy = this.#isLegacy(error.attributes);
      this.#refuse('bad-request', error.message, peer, exchange, isLegacy);
      return;
    }
    if (request.sid === undefined) {
      this.#create(request, peer, exchange);
      return;
    }
    const session = this.#sessions.get(request.sid);
    if (!session) {
      this.refuse('item-not-found', 'no such session', peer, exchange);
    } else if (session.secure && !peer.secure) {
      exchange.cut();
    } else {
      exchange.session = session;
      this.#tell(session, { type: 'request', request, exchange });
    }
  }

  dropped(exchange: Exchange): void {
    const { session } = exchange;
    if (session instanceof Session) this.#tell(session, { type: 'dropped', exchange });
  }

  refuse(condition: Condition, detail: string, peer: Peer, exchange: Exchange): void {
    this.#refuse(condition, detail, peer, exchange);
  }

  async drain(graceMs: number): Promise<void> {
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
    for (const session of this.#sessions.values()) this.#draining.add(session);
    for (const session of [...this.#draining]) this.#tell(session, { type: 'shut-down' });
    if (this.#draining.size === 0) this.#drained?.();
    const grace = setTimeout(() => this.#drained?.(), graceMs);
    await drained;
    clearTimeout(grace);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const session of [...this.#sessions.values()]) {
      this.#tell(session, { type: 'shut-down' });
      for (const stream of session.streams) stream?.close();
    }
    this.#sessions.clear();
    this.#wheel.stop();
  }

  readings(): ManagerReadings {
    let held = 0;
    let buffered = 0;
    let streams = 0;
    for (const session of this.#sessions.values()) {
      held += session.core.waiting;
      buffered += session.core.buffered;
      for (const stream of session.streams) if (stream) streams += 1;
    }
    return {
      ...{ sessions: this.#sessions.size, held, buffered, streams },
      ...{ requests: this.#requests, created: this.#created },
      ended: { ...this.#ended },
      refused: { ...this.#refused },
    };
  }

  /** Whether a request that is none comes from a legacy client (XEP-0124 §17.1), as far as it can be told. */
  #isLegacy(attributes: BoshRequest['attributes'] | undefined): boolean {
    if (attributes === undefined) return false;
    const session = attributes.sid === undefined ? undefined : this.#sessions.get(attributes.sid);
    return session ? session.core.isLegacy : attributes.sid === undefined && !attributes.ver;
  }

  // ---- a new session -------------------------------------------------------------------------

  #create(request: BoshRequest, peer: Peer, exchange: Exchange): void {
    const { to, ver } = request.attributes;
    const isLegacy = ver === undefined;
    const refuse = (condition: Condition, detail: string, payload = '') =>
      this.#refuse(condition, detail, peer, exchange, isLegacy, payload);
    const { secureUrl } = this.#options;
    if (this.#drained || this.#isClosed) {
      refuse('system-shutdown', 'going out of service');
    } else if (secureUrl !== undefined && !peer.secure) {
      refuse('see-other-uri', 'plain HTTP', `<uri>${escapeText(secureUrl)}</uri>`);
    } else if (to === undefined || to === '') {
      refuse('improper-addressing', 'no domain named');
    } else if (this.#sessions.size >= this.limits.sessions) {
      refuse(
        'undefined-condition',
        'too many sessions',
        `<too-many-sessions xmlns='${NS_REASON}'/>`,
      );
    } else {
      this.#createFor(request, peer, exchange, refuse);
    }
  }

  #createFor(
    request: BoshRequest,
    peer: Peer,
    exchange: Exchange,
    refuse: (condition: Condition, detail: string) => void,
  ): void {
    let grant: ReturnType<typeof negotiate>;
    try {
      grant = negotiate(request, this.#terms);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      refuse('bad-request', error.message);
      return;
    }
    if (!this.#addresses.admit(peer.address, now())) {
      refuse('policy-violation', 'too many sessions from this address');
      return;
    }
    const { bufferedLength, requestsPerSecond } = this.limits;
    const settings = {
      ...{ sid: unpredictableName(), grant, newStreamName: unpredictableName },
      ...{ bufferedLength, requestsPerSecond, address: peer.address, secure: peer.secure },
      returnUnread: this.#options.returnUnread ?? 'requests',
    };
    const session = new Session(new ManagerSession(settings, request, now()), peer);
    this.#sessions.set(settings.sid, session);
    exchange.session = session;
    this.#created += 1;
    const { address } = peer;
    const to = request.attributes.to ?? '';
    this.#options.onEvent?.({ type: 'created', session: session.label, address, to });
    this.#tell(session, { type: 'request', request, exchange });
  }

  #refuse(
    condition: Condition,
    detail: string,
    { address }: Peer,
    exchange: Exchange,
    isLegacy = false,
    payload = '',
  ): void {
    this.#addresses.refused(address, now());
    this.#refused[condition] = (this.#refused[condition] ?? 0) + 1;
    this.#options.onEvent?.({ type: 'refused', condition, detail, address });
    exchange.answer(refusal(condition, isLegacy, payload));
  }

  // ---- driving a session ---------------------------------------------------------------------

  /** For the listeners of its streams. */
  tell(session: Session, event: SessionEvent<Exchange>): void {
    this.#tell(session, event);
  }

  /** What is told while actions are carried out comes after all of these. */
  #tell(session: Session, event: SessionEvent<Exchange>): void {
    if (session.untold) {
      session.untold.push(event);
      return;
    }
    session.untold = [event];
    for (let next = session.untold.shift(); next; next = session.untold.shift()) {
      for (const action of this.#handle(session, next)) this.#try(session, action);
    }
    session.untold = undefined;
    if (this.#drained && session.core.isOver) this.#settleDrain(session);
  }

  /** A fault of ours ends the session it shows in, and no other. */
  #handle(session: Session, event: SessionEvent<Exchange>): readonly SessionAction<Exchange>[] {
    try {
      return session.core.handle(event, now());
    } catch (error) {
      if (event.type === 'fault') return [{ type: 'ended', reason: 'internal-server-error' }];
      this.#broke(session, error);
      return [];
    }
  }

  /** So does one of what is behind us. */
  #try(session: Session, action: SessionAction<Exchange>): void {
    try {
      this.#do(session, action);
    } catch (error) {
      this.#broke(session, error);
    }
  }

  #broke(session: Session, error: unknown): void {
    const { address, label } = session;
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#options.onEvent?.({ type: 'fault', session: label, address, detail });
    this.#tell(session, { type: 'fault' });
  }

  #do(session: Session, action: SessionAction<Exchange>): void {
    switch (action.type) {
      case 'answer':
        action.exchange.session = undefined;
        action.exchange.answer(action.answer);
        return;
      case 'open': {
        const listener = new Listener(this, session, action.stream);
        session.streams[action.stream] = this.#options.upstream.open(action.request, listener);
        return;
      }
      case 'write': {
        const { stream } = action;
        if (session.streams[stream]?.write(action.xml) === false) {
          this.#tell(session, { type: 'blocked', stream });
        }
        return;
      }
      case 'restart':
        session.streams[action.stream]?.restart();
        return;
      case 'read':
        session.streams[action.stream]?.setReading(action.reading);
        return;
      case 'close':
        session.streams[action.stream]?.close();
        session.streams[action.stream] = undefined;
        return;
      case 'flush-later':
        this.#flushLater(session);
        return;
      case 'wake-at':
        this.#wheel.set(session, action.at);
        return;
      case 'ended':
        this.#forget(session, action.reason);
        return;
    }
  }

  #flushLater(session: Session): void {
    if (session.isFlushing) return;
    session.isFlushing = true;
    if (this.#flushing.push(session) === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    for (const session of this.#flushing.splice(0)) {
      session.isFlushing = false;
      this.#tell(session, { type: 'flush' });
    }
  }

  #forget(session: Session, reason: EndReason): void {
    this.#wheel.remove(session);
    this.#sessions.delete(session.core.sid);
    this.#addresses.release(session.address);
    this.#ended[reason] = (this.#ended[reason] ?? 0) + 1;
    this.#options.onEvent?.({ type: 'ended', session: session.label, reason });
  }

  #settleDrain(session: Session): void {
    this.#draining.delete(session);
    if (this.#draining.size === 0) this.#drained?.();
  }
}

/** A session and what belongs to it outside its machine. */
class Session implements WheelEntry {
  readonly core: ManagerSession<Exchange>;
  readonly address: string;
  readonly secure: boolean;
  readonly streams: (UpstreamStream | undefined)[] = [];
  isFlushing = false;
  /** Events that wait while actions are carried out. */
  untold: SessionEvent<Exchange>[] | undefined = undefined;
  dueAt = 0;
  tick = 0;
  next: WheelEntry | undefined = undefined;
  previous: WheelEntry | undefined = undefined;

  constructor(core: ManagerSession<Exchange>, { address, secure }: Peer) {
    this.core = core;
    this.address = address;
    this.secure = secure;
  }

  /** Tells it from others in a log. */
  get label(): string {
    return this.core.sid.slice(0, 6);
  }
}

/** Tells a session what its stream says. */
class Listener implements StreamListener {
  readonly #manager: Manager;
  readonly #session: Session;
  readonly #stream: number;

  constructor(manager: Manager, session: Session, stream: number) {
    this.#manager = manager;
    this.#session = session;
    this.#stream = stream;
  }

  onOpen(header: Readonly<Record<string, string>>): void {
    this.#manager.tell(this.#session, { type: 'opened', stream: this.#stream, header });
  }

  onElement(xml: string): void {
    this.#manager.tell(this.#session, { type: 'element', stream: this.#stream, xml });
  }

  onDrain(): void {
    this.#manager.tell(this.#session, { type: 'drained', stream: this.#stream });
  }

  onEnd(end: StreamEnd): void {
    this.#session.streams[this.#stream] = undefined;
    this.#manager.tell(this.#session, { type: 'stream-ended', stream: this.#stream, end });
  }
}

/** 128 random bits (XEP-0124 §19.3). */
function unpredictableName(): string {
  return randomBytes(16).toString('base64url');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** Epoch-free ms that never go back. */
function now(): number {
  return performance.now();
}
