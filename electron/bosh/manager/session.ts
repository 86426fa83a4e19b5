/**
 * One session as the manager sees it (XEP-0124, XEP-0206), as a pure machine: events and the time go in, actions
 * come out, and nothing else happens. `connection-manager.ts` drives it.
 *
 * It always holds:
 * 1. Payloads go to the server in rid order, each once, whatever order the requests come in.
 * 2. Requests are answered in rid order; never more than `hold` are held, and none longer than `wait`.
 * 3. A payload for the client goes out at once where a request is held, and is in one answer only.
 * 4. The answers to the last `requests` requests can be had again, by exact copies of these.
 * 5. No request beyond the window is taken.
 * 6. What waits for the client is bounded: the server is not read while it does not fetch.
 * 7. It ends once, with a reason, and its streams with it.
 */
import { isNextKey } from '../protocol/key-sequence.ts';
import {
  answerBody,
  EMPTY_BODY,
  RECOVERABLE_BODY,
  refusal,
  terminateBody,
  terminateStatus,
} from './binding-answer.ts';
import type { BoshRequest } from './bosh-request.ts';
import { CHARSETS } from './charset.ts';
import type { Grant } from './grant.ts';
import { KeptAnswers } from './kept-answers.ts';
import { OutgoingPayloads } from './outgoing-payloads.ts';
import { RequestPace } from './request-pace.ts';
import type { Condition, EndReason, SessionAction, SessionEvent } from './session-events.ts';
import { type SessionStream, SessionStreams } from './session-streams.ts';
import { type ReturnUnread, unreadError } from './unread-stanzas.ts';
import type { StreamEnd, StreamRequest } from './upstream.ts';
import { type Waiting, WaitingRequests } from './waiting-requests.ts';

/** A request that waits for one before it, which is lost or slow, is given back after at least this long, in ms. */
const LEAST_GAP_MS = 10_000;
/** An answer the client lacks is reported once it was given this long ago, in ms (XEP-0124 §9.2). */
const REPORT_AFTER_MS = 1_000;
/** How long the last answers of a session that is over can be had again, in ms. */
const LINGER_MS = 30_000;
/** An answer is filled up to this many UTF-16 units; a single larger element travels alone. */
const ANSWER_LENGTH = 256 * 1024;
/** `time` is an unsigned short in the schema (XEP-0124 §22). */
const MOST_TIME_MS = 65_535;

export interface SessionSettings {
  readonly sid: string;
  readonly grant: Grant;
  readonly address: string;
  readonly secure: boolean;
  /** An unpredictable name for a stream (XEP-0124 §16.2). */
  readonly newStreamName: () => string;
  /** Reading from the server stops when this many UTF-16 units wait for the client. */
  readonly bufferedLength: number;
  /** Requests a second, copies too, on average. */
  readonly requestsPerSecond: number;
  readonly returnUnread: ReturnUnread;
}

export class ManagerSession<Exchange> {
  readonly sid: string;
  readonly #settings: SessionSettings;
  readonly #grant: Grant;
  readonly #streams = new SessionStreams();
  readonly #waiting: WaitingRequests<Exchange>;
  readonly #outgoing = new OutgoingPayloads();
  readonly #kept = new KeptAnswers();
  readonly #pace: RequestPace;
  #actions: SessionAction<Exchange>[] = [];
  /** The highest rid answered. */
  #answered: number;
  /** The highest rid whose answer the client says it has. */
  #acknowledged = Number.POSITIVE_INFINITY;
  #report: number | undefined;
  /** What the next key hashes to (XEP-0124 §15.4). */
  #key: string | undefined;
  /** When the client was last seen or spoken to. */
  #activeAt: number;
  /** In ms; for the time of a pause another. */
  #inactivity: number;
  #reading = true;
  /** Why it is over, once the client has been told. */
  #over: EndReason | undefined;
  #isForgotten = false;

  /** @param creation its first request, which is the first event too. */
  constructor(settings: SessionSettings, creation: BoshRequest, now: number) {
    this.sid = settings.sid;
    this.#settings = settings;
    this.#grant = settings.grant;
    this.#pace = new RequestPace(settings.grant, settings.requestsPerSecond);
    this.#waiting = new WaitingRequests(creation.rid);
    this.#answered = this.#waiting.taken;
    this.#activeAt = now;
    this.#inactivity = settings.grant.inactivity * 1000;
    if (settings.grant.acks) this.#acknowledged = this.#answered;
  }

  /** Takes an event at a time (in ms, never going back) and says what to do, in order. */
  handle(event: SessionEvent<Exchange>, now: number): readonly SessionAction<Exchange>[] {
    this.#actions = [];
    if (this.#isForgotten) return this.#actions;
    this.#take(event, now);
    if (!this.#isGone()) this.#actions.push({ type: 'wake-at', at: this.#nextWake() });
    const actions = this.#actions;
    // Not held until the next event, which may be long in coming.
    this.#actions = [];
    return actions;
  }

  /** How many requests are held or wait for one before them. */
  get waiting(): number {
    return this.#waiting.live;
  }

  /** UTF-16 units that wait for the client. */
  get buffered(): number {
    return this.#outgoing.length;
  }

  /** Its client named no version, and expects HTTP errors (XEP-0124 §17.1). */
  get isLegacy(): boolean {
    return this.#grant.ver === undefined;
  }

  /** Its client knows that it is over. */
  get isOver(): boolean {
    return this.#over !== undefined || this.#isForgotten;
  }

  #take(event: SessionEvent<Exchange>, now: number): void {
    switch (event.type) {
      case 'request':
        this.#request(event.request, event.exchange, now);
        return;
      case 'dropped':
        this.#dropped(event.exchange, now);
        return;
      case 'opened': {
        const stream = this.#streams.at(event.stream);
        if (stream) stream.header ??= event.header;
        return;
      }
      case 'element':
        this.#element(event.stream, event.xml, now);
        return;
      case 'flush':
        this.#release(now);
        return;
      case 'blocked':
        this.#setBlocked(event.stream, true);
        return;
      case 'drained':
        this.#setBlocked(event.stream, false);
        this.#process(now);
        return;
      case 'stream-ended':
        this.#streamEnded(event.stream, event.end, now);
        return;
      case 'wake':
        this.#wake(now);
        return;
      case 'shut-down':
        this.#shutDown(now);
        return;
      case 'fault':
        this.#end('internal-server-error', now);
        return;
    }
  }

  // ---- requests ------------------------------------------------------------------------------

  #request(request: BoshRequest, exchange: Exchange, now: number): void {
    const waiting = this.#waiting.find(request.rid);
    if (this.#pace.isTooFast(request.length, now)) {
      this.#end('policy-violation', now, exchange);
    } else if (waiting) {
      this.#repeated(waiting, request, exchange, now);
    } else if (request.rid <= this.#waiting.taken) {
      this.#replay(request, exchange, now);
    } else if (this.#over !== undefined) {
      this.#refuse(exchange, 'item-not-found');
    } else {
      this.#arrived(request, exchange, now);
    }
  }

  /** A copy of a request without an answer: it gets the answer in place of the one before (XEP-0124 §14.3). */
  #repeated(
    waiting: Waiting<Exchange>,
    request: BoshRequest,
    exchange: Exchange,
    now: number,
  ): void {
    if (waiting.request.digest !== request.digest) {
      this.#refuse(exchange, 'bad-request');
      return;
    }
    const before = waiting.exchange;
    waiting.exchange = exchange;
    waiting.arrivedAt = now;
    this.#activeAt = now;
    if (before !== undefined) this.#send(before, 200, RECOVERABLE_BODY);
    this.#release(now);
  }

  /** A copy of a request that was answered. The answer to any other request of its rid would be a stranger's. */
  #replay(request: BoshRequest, exchange: Exchange, now: number): void {
    const kept = this.#kept.find(request.rid);
    if (!kept) {
      this.#refuse(exchange, 'item-not-found');
    } else if (kept.digest !== request.digest) {
      this.#refuse(exchange, 'bad-request');
    } else if (this.#pace.isTooFast(kept.text.length, now)) {
      this.#end('policy-violation', now, exchange);
    } else {
      this.#activeAt = now;
      this.#send(exchange, kept.status, kept.text);
    }
  }

  #arrived(request: BoshRequest, exchange: Exchange, now: number): void {
    const isExtra = request.kind === 'pause' || request.kind === 'terminate';
    if (request.rid > this.#waiting.taken + this.#grant.requests + (isExtra ? 1 : 0)) {
      this.#end('item-not-found', now, exchange);
      return;
    }
    const isLast = this.#waiting.isLast(request.rid);
    if (!this.#pace.admits(request, this.#waiting.live + 1, isLast, now)) {
      this.#end('policy-violation', now, exchange);
      return;
    }
    this.#activeAt = now;
    this.#waiting.add(request, exchange, now);
    this.#process(now);
  }

  /** Takes requests as long as the next one is there, then answers what is due. */
  #process(now: number): void {
    for (let { next } = this.#waiting; next; next = this.#waiting.next) {
      if (this.#isBlockedFor(next.request)) break;
      if (!this.#hasKey(next.request)) {
        this.#end('item-not-found', now, next.exchange);
        return;
      }
      this.#waiting.taken += 1;
      this.#readAcknowledgement(next.request, now);
      this.#inactivity = this.#grant.inactivity * 1000;
      this.#carryOut(next, now);
      if (this.#isGone()) return;
    }
    this.#release(now);
  }

  #carryOut(waiting: Waiting<Exchange>, now: number): void {
    const { request } = waiting;
    switch (request.kind) {
      case 'create':
        this.#openStream(request);
        return;
      case 'payload':
        this.#forward(request, now, waiting.exchange);
        return;
      case 'restart': {
        const stream = this.#addressed(request).find(({ isOpen }) => isOpen);
        if (stream) this.#actions.push({ type: 'restart', stream: stream.number });
        return;
      }
      case 'pause':
        this.#forward(request, now, waiting.exchange);
        if (!this.#isGone()) this.#pause(waiting, now);
        return;
      case 'terminate':
        this.#forward(request, now, waiting.exchange);
        if (!this.#isGone()) this.#terminate(waiting, now);
        return;
      case 'add-stream':
        this.#addStream(waiting, now);
        return;
      case 'empty':
        return;
    }
  }

  /** Sends the payload to the stream it names, or to all (XEP-0124 §16.4). */
  #forward(request: BoshRequest, now: number, exchange: Exchange | undefined): void {
    const streams = this.#addressed(request);
    if (streams.length === 0) {
      this.#end('item-not-found', now, exchange);
      return;
    }
    if (request.payload === '') return;
    for (const stream of streams) {
      // The client may not have known yet that it is closed.
      if (!stream.isOpen) continue;
      this.#actions.push({ type: 'write', stream: stream.number, xml: request.payload });
    }
  }

  /** The streams a request is for; none where it names one that never was. */
  #addressed({ attributes: { stream } }: BoshRequest): readonly SessionStream[] {
    return this.#streams.named(this.#grant.streams === 1 ? undefined : stream);
  }

  #isBlockedFor(request: BoshRequest): boolean {
    if (request.payload === '') return false;
    return this.#addressed(request).some(({ isOpen, isBlocked }) => isOpen && isBlocked);
  }

  #setBlocked(number: number, blocked: boolean): void {
    const stream = this.#streams.at(number);
    if (stream) stream.isBlocked = blocked;
  }

  // ---- streams -------------------------------------------------------------------------------

  #openStream(request: BoshRequest): SessionStream {
    const { address, secure, newStreamName } = this.#settings;
    const { to = '', from, route, 'xml:lang': lang } = request.attributes;
    const stream = this.#streams.add(newStreamName());
    const asked: StreamRequest = {
      ...{ to, address, secure },
      ...(from === undefined ? {} : { from }),
      ...(route === undefined ? {} : { route }),
      ...(lang === undefined ? {} : { lang }),
      ...(request.xmppVersion === undefined ? {} : { version: request.xmppVersion }),
    };
    this.#actions.push({ type: 'open', stream: stream.number, request: asked });
    if (!this.#reading) this.#actions.push({ type: 'read', stream: stream.number, reading: false });
    return stream;
  }

  /** Opens another stream and answers at once with its name (XEP-0124 §16.3); ignored where none is offered. */
  #addStream(waiting: Waiting<Exchange>, now: number): void {
    if (this.#grant.streams === 1) return;
    if (this.#streams.count >= this.#grant.streams) {
      this.#end('policy-violation', now, waiting.exchange);
      return;
    }
    const { name } = this.#openStream(waiting.request);
    this.#answerBefore(waiting, now);
    if (this.#over === undefined) this.#answer(waiting, { stream: name }, '', now);
  }

  #element(number: number, xml: string, now: number): void {
    if (!this.#streams.at(number)?.isOpen) return;
    this.#outgoing.push(number, xml);
    const { bufferedLength } = this.#settings;
    if (this.#outgoing.length > 2 * bufferedLength) {
      this.#end('internal-server-error', now);
      return;
    }
    if (this.#outgoing.length > bufferedLength) this.#setReading(false);
    this.#actions.push({ type: 'flush-later' });
  }

  #setReading(reading: boolean): void {
    if (this.#reading === reading) return;
    this.#reading = reading;
    for (const { number } of this.#streams.open) {
      this.#actions.push({ type: 'read', stream: number, reading });
    }
  }

  #streamEnded(number: number, end: StreamEnd, now: number): void {
    const stream = this.#streams.at(number);
    if (!stream?.isOpen) return;
    stream.isOpen = false;
    const { condition, payload } = conditionOf(end);
    this.#outgoing.end(number, condition, payload);
    this.#process(now);
  }

  // ---- answers -------------------------------------------------------------------------------

  /** Answers, oldest first, as long as one is due. */
  #release(now: number): void {
    while (this.#over === undefined && !this.#isForgotten) {
      const { held } = this.#waiting;
      const [oldest, another] = held;
      if (!oldest || !this.#isDue(held, now)) return;
      if (oldest.exchange !== undefined) {
        this.#answerNext(oldest, now);
      } else if (another) {
        // Whoever asks for it again finds that it was taken; what waits goes to the one who is there.
        this.#answer(oldest, this.#acknowledgement(oldest), '', now);
      } else {
        return;
      }
    }
  }

  #isDue(held: readonly Waiting<Exchange>[], now: number): boolean {
    const { hold, wait } = this.#grant;
    if (!this.#outgoing.isEmpty || this.#report !== undefined || wait === 0) return true;
    if (held.length > hold) return true;
    // A copy is held as long as its first would have been, so a later request may be due before an earlier.
    return held.some((one) => one.exchange !== undefined && this.#deadline(one) <= now);
  }

  /** Answers with what waits for the client, as much as fits. */
  #answerNext(waiting: Waiting<Exchange>, now: number): void {
    const batch = this.#outgoing.take(ANSWER_LENGTH);
    if (this.#outgoing.length < this.#settings.bufferedLength / 2) this.#setReading(true);
    if (!batch) {
      this.#answer(waiting, this.#usualAttributes(waiting, undefined, now), '', now);
      return;
    }
    const stream = this.#streams.at(batch.stream);
    const attributes = this.#usualAttributes(waiting, stream, now);
    if (batch.end === undefined) {
      this.#answer(waiting, attributes, batch.payload, now);
      return;
    }
    const isLast = this.#streams.open.length === 0 && this.#outgoing.isEmpty;
    const terminate = { type: 'terminate', condition: batch.end };
    if (!isLast) {
      const named = { ...attributes, ...terminate, stream: stream?.name };
      this.#answer(waiting, named, batch.payload, now);
    } else if (waiting.request.kind === 'create') {
      this.#answer(waiting, terminate, batch.payload, now);
      this.#forget(batch.end);
    } else {
      // Without a stream it is the session that ends; with a payload the stream must be named (§16.4, §16.6).
      const named = batch.payload === '' ? { stream: undefined } : {};
      this.#answer(waiting, { ...attributes, ...named, ...terminate }, batch.payload, now);
      this.#tellOthers(batch.end, now);
    }
  }

  #usualAttributes(waiting: Waiting<Exchange>, stream: SessionStream | undefined, now: number) {
    return {
      ...this.#streams.announce(stream),
      ...(waiting.request.kind === 'create' ? this.#creationAttributes(waiting.request) : {}),
      ...this.#acknowledgement(waiting),
      ...this.#reportAttributes(now),
    };
  }

  #creationAttributes({ rid, attributes: { to } }: BoshRequest) {
    const { wait, hold, requests, polling, inactivity, maxpause, streams, ver, acks } = this.#grant;
    return {
      ...{ sid: this.sid, wait, hold, requests, polling, inactivity, maxpause, ver },
      from: this.#streams.at(0)?.header?.from ?? to,
      accept: 'gzip,deflate',
      charsets: CHARSETS.join(' '),
      ack: acks ? rid : undefined,
      stream: streams > 1 ? this.#streams.at(0)?.name : undefined,
      'xmpp:restartlogic': 'true',
    };
  }

  /** The highest rid received without a gap, unless it is the one that is answered (XEP-0124 §9.1). */
  #acknowledgement({ request }: Waiting<Exchange>): { ack?: number } {
    if (!this.#grant.acks || request.kind === 'create') return {};
    const { highest } = this.#waiting;
    return highest === request.rid ? {} : { ack: highest };
  }

  /** What the client says it has (XEP-0124 §9.2); without a word it has all. */
  #readAcknowledgement({ kind, rid, attributes }: BoshRequest, now: number): void {
    if (!this.#grant.acks || kind === 'create') return;
    const told = attributes.ack === undefined ? this.#answered : Number(attributes.ack);
    if (!Number.isSafeInteger(told) || told >= rid) return;
    this.#acknowledged = Math.max(this.#acknowledged, told);
    const missing = this.#kept.find(told + 1);
    if (missing && missing.at < now - REPORT_AFTER_MS) this.#report = missing.rid;
  }

  #reportAttributes(now: number): { report?: number; time?: number } {
    const report = this.#report;
    this.#report = undefined;
    const kept = report === undefined ? undefined : this.#kept.find(report);
    if (!kept) return {};
    return { report: kept.rid, time: Math.min(Math.round(now - kept.at), MOST_TIME_MS) };
  }

  /** Answers all before this one. */
  #answerBefore(waiting: Waiting<Exchange>, now: number): void {
    for (const oldest of this.#waiting.held) {
      if (oldest === waiting) return;
      if (oldest.exchange === undefined) this.#answer(oldest, {}, '', now);
      else this.#answerNext(oldest, now);
      if (this.#over !== undefined) return;
    }
  }

  /** Gives the answer to a request and keeps it. */
  #answer(
    waiting: Waiting<Exchange>,
    attributes: Readonly<Record<string, string | number | undefined>>,
    payload: string,
    now: number,
    status = 200,
  ): void {
    const { request, exchange } = waiting;
    this.#waiting.remove(waiting);
    const text = answerBody(attributes, payload);
    const isPause = request.kind === 'pause';
    this.#answered = request.rid;
    this.#kept.keep({ rid: request.rid, digest: request.digest, status, text, at: now, isPause });
    const { requests } = this.#grant;
    this.#kept.trim(requests, this.#acknowledged, this.#settings.bufferedLength);
    if (payload !== '') this.#pace.gavePayload();
    if (exchange === undefined) return;
    this.#activeAt = now;
    this.#send(exchange, status, text);
  }

  #send(exchange: Exchange, status: number, text: string): void {
    const contentType = this.#grant.content;
    this.#actions.push({ type: 'answer', exchange, answer: { status, contentType, text } });
  }

  /** Refuses one request and lets the session be: it may be a stranger's, or a copy that an intermediary made. */
  #refuse(exchange: Exchange, condition: Condition): void {
    const { status, text } = refusal(condition, this.isLegacy);
    this.#send(exchange, status, text);
  }

  // ---- pause, time and the end ---------------------------------------------------------------

  /** Answers everything, the pause without payload (XEP-0124 §10). One that is too long is an ordinary request. */
  #pause(waiting: Waiting<Exchange>, now: number): void {
    const { pause } = waiting.request;
    if (pause > this.#grant.maxpause) return;
    this.#answerBefore(waiting, now);
    if (this.#over !== undefined) return;
    this.#answer(waiting, this.#acknowledgement(waiting), '', now);
    this.#inactivity = pause * 1000;
  }

  /** Ends the stream the client names, or the session (XEP-0124 §13, §16.5): the oldest request is told. */
  #terminate(waiting: Waiting<Exchange>, now: number): void {
    const closing = this.#addressed(waiting.request).filter(({ isOpen }) => isOpen);
    for (const stream of closing) this.#close(stream);
    const isOver = this.#streams.open.length === 0;
    const { held } = this.#waiting;
    const told = held.find(({ exchange }) => exchange !== undefined) ?? waiting;
    for (const one of held) {
      const name = isOver ? undefined : closing[0]?.name;
      if (one !== told) this.#answer(one, {}, '', now);
      else this.#answer(one, { type: 'terminate', stream: name }, this.#lastWords(isOver), now);
    }
    if (isOver) this.#forget('terminated');
  }

  /** What still waits for the client when it goes. */
  #lastWords(isOver: boolean): string {
    return isOver && this.#streams.count === 1 ? this.#outgoing.takeAll() : '';
  }

  #close(stream: SessionStream): void {
    stream.isOpen = false;
    this.#actions.push({ type: 'close', stream: stream.number });
  }

  #dropped(exchange: Exchange, now: number): void {
    const waiting = this.#waiting.of(exchange);
    if (!waiting) return;
    waiting.exchange = undefined;
    this.#activeAt = now;
    // Nobody knows its sid.
    if (waiting.request.kind === 'create') this.#forget('abandoned');
  }

  #wake(now: number): void {
    if (this.#isIdle() && this.#expiresAt() <= now) {
      this.#returnUnread();
      this.#forget(this.#over ?? 'inactivity');
      return;
    }
    for (const waiting of this.#waiting.parked) {
      if (waiting.exchange === undefined || this.#deadline(waiting) > now) continue;
      // The one before it does not come, or the server takes nothing: let the client send them again.
      this.#waiting.remove(waiting);
      this.#activeAt = now;
      this.#send(waiting.exchange, 200, RECOVERABLE_BODY);
    }
    this.#release(now);
  }

  /** Tells the senders of what nobody fetched (XEP-0206 §8). */
  #returnUnread(): void {
    for (let item = this.#outgoing.shift(); item; item = this.#outgoing.shift()) {
      if (!this.#streams.at(item.stream)?.isOpen) continue;
      const xml = unreadError(item.xml, this.#settings.returnUnread);
      if (xml !== undefined) this.#actions.push({ type: 'write', stream: item.stream, xml });
    }
  }

  /** When a request is to be answered in any case. */
  #deadline({ request, arrivedAt }: Waiting<Exchange>): number {
    const waitMs = this.#grant.wait * 1000;
    return (
      arrivedAt + (request.rid > this.#waiting.taken ? Math.max(waitMs, LEAST_GAP_MS) : waitMs)
    );
  }

  #isIdle(): boolean {
    return this.#waiting.live === 0;
  }

  #expiresAt(): number {
    const most = this.#over === undefined ? Number.POSITIVE_INFINITY : LINGER_MS;
    return this.#activeAt + Math.min(this.#inactivity, most);
  }

  #nextWake(): number {
    if (this.#isIdle()) return this.#expiresAt();
    let at = Number.POSITIVE_INFINITY;
    for (const waiting of this.#waiting) {
      if (waiting.exchange !== undefined) at = Math.min(at, this.#deadline(waiting));
    }
    return at;
  }

  #shutDown(now: number): void {
    const { open } = this.#streams;
    for (const stream of open) this.#close(stream);
    if (open.length > 0) this.#outgoing.end(0, 'system-shutdown', '');
    this.#release(now);
  }

  /** Ends the session since a request broke its rules, or for a fault here. */
  #end(condition: Condition, now: number, exchange?: Exchange): void {
    const { isLegacy } = this;
    for (const stream of this.#streams.open) this.#close(stream);
    if (exchange !== undefined) {
      this.#send(exchange, terminateStatus(condition, isLegacy), terminateBody(condition));
    }
    const said = exchange === undefined ? condition : 'other-request';
    for (const other of this.#waiting.removeAll()) {
      if (other.exchange === undefined || other.exchange === exchange) continue;
      this.#send(other.exchange, terminateStatus(said, isLegacy), terminateBody(said));
    }
    this.#activeAt = now;
    this.#forget(condition);
  }

  /** The client was told the end of its own accord or the server's; other requests of it are told too. */
  #tellOthers(condition: Condition, now: number): void {
    this.#over = condition;
    for (const other of this.#waiting.removeAll()) {
      if (other.exchange !== undefined) this.#send(other.exchange, 200, terminateBody(condition));
    }
    this.#activeAt = now;
  }

  #forget(reason: EndReason): void {
    for (const { exchange } of this.#waiting.removeAll()) {
      if (exchange !== undefined) this.#send(exchange, 200, EMPTY_BODY);
    }
    for (const stream of this.#streams.open) this.#close(stream);
    this.#isForgotten = true;
    this.#actions.push({ type: 'ended', reason });
  }

  #hasKey({ attributes: { key, newkey } }: BoshRequest): boolean {
    if (this.#key !== undefined && (key === undefined || !isNextKey(key, this.#key))) return false;
    if (this.#key !== undefined || newkey !== undefined) this.#key = newkey ?? key;
    return true;
  }

  /** A method, so that narrowing does not outlive a call that may end the session. */
  #isGone(): boolean {
    return this.#isForgotten;
  }
}

/** What the end of a stream is called in the words of XEP-0124 §17.2. */
function conditionOf(end: StreamEnd): { readonly condition: Condition; readonly payload: string } {
  if (end.kind === 'host-unknown' || end.kind === 'host-gone') {
    return { condition: end.kind, payload: '' };
  }
  if (end.kind === 'closed' && end.error !== undefined) {
    return { condition: 'remote-stream-error', payload: end.error };
  }
  return { condition: 'remote-connection-failed', payload: '' };
}
