/**
 * The BOSH session as a pure machine (XEP-0124, XEP-0206): events and the time go in, effects come out, and
 * nothing else happens. `bosh-session.ts` drives it.
 *
 *     connecting ──created──▶ negotiating ──bound──▶ open ◀──answered── broken
 *         │                        │                  │  ───failed────▶   │
 *         └────────────────────────┴── terminate ──▶ closing ─────────▶ closed ◀── (ended by the manager)
 *
 * It always holds:
 * 1. Payloads are delivered in rid order, each once, whatever order the answers come in.
 * 2. A request is repeated with its rid and its exact bytes until it is answered or the session ends.
 * 3. Once bound, a body is in the journal before it is posted, an answer before it is delivered.
 * 4. Never a rid more than `requests` beyond the oldest unanswered one; one more only to terminate.
 * 5. While nothing is wrong, one request is with the manager.
 * 6. An answer that is no `<body/>` ends nothing once the session is bound: it is named and the request repeated.
 * 7. It ends once, with a reason.
 */
import type { GrantedAttributes, Health, SessionState } from '../../../shared/health.ts';
import { hasToPoll, type PathLimits } from '../../../shared/path-limits.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { TlsReading } from '../../network/http-exchange.ts';
import {
  cleanPayload,
  type DecodedBody,
  decodeBody,
  decodePayload,
  encodeBody,
  withoutSid,
  withSid,
  XBOSH_PREFIX,
} from '../protocol/body.ts';
import { isEcho } from '../protocol/echoed-request.ts';
import { grantedAttributes, toleratesSwappedRequests } from '../protocol/granted-attributes.ts';
import { KeySequence } from '../protocol/key-sequence.ts';
import { NS_STREAM } from '../protocol/namespaces.ts';
import { MAX_RID } from '../protocol/rid.ts';
import { terminateProblem } from '../protocol/terminate-condition.ts';
import { backoffMs } from './backoff.ts';
import { ExchangeLog } from './exchange-log.ts';
import type { SessionRecord } from './journal.ts';
import { OrderingGuard } from './ordering-guard.ts';
import { OutgoingQueue } from './outgoing-queue.ts';
import type { ExchangeFacts, SessionEffect, SessionEvent } from './session-events.ts';
import { readHealth } from './session-reading.ts';
import { newRequest, type SessionRequest } from './session-request.ts';

/** Connections to the manager (XEP-0124 §4: one to hold, one to send). */
const LANES = 2;
/** What we ask for where nothing else is wanted; the manager may grant no more, in s. */
const WAIT_S = 60;
/** No request is held longer than this, whatever is granted, in s. */
const LONGEST_WAIT_S = 120;
/** A held answer may be late by this much before the exchange counts as lost, in ms. */
const SLACK_MS = 15_000;
/** How long a session that is not bound yet may stay broken, in ms. */
const NEGOTIATION_PATIENCE_MS = 20_000;
/** Ask at the earliest after this long whether a held request was taken, in ms. */
const CONFIRM_AFTER_MS = 1_000;
/** ejabberd answers no pause: its answer is waited for this long after it was sent, in ms. */
const PAUSE_ANSWER_MS = 1_000;
/** Two requests with the manager and neither answered for this long: one does not get through, in ms. */
const STALL_MS = 8_000;
/** … or for this many of the worst round trips seen, on a slow path. */
const STALL_ROUND_TRIPS = 6;
/** So many times may a pair stall while only one of the connections is answered on. */
const MOST_STALLED_PAIRS = 2;
/** A repeat that is cut off no sooner is held like any other: what was wrong with the network is over, in ms. */
const HELD_AGAIN_MS = 3_000;
/** So many requests in a row that the manager does not know, with no answer to any between: it has gone silent. */
const MOST_FORGOTTEN = 3;
/** A request the manager does not acknowledge counts as lost this long after it was sent, in ms. */
const LOST_AFTER_MS = 1_000;
/** A stranger is not obeyed longer than this, in ms. */
const MOST_RETRY_AFTER_MS = 300_000;
/** Who polls, pauses or was put off asks after this share of each second it may be silent, in ms. */
const ASK_BEFORE_INACTIVITY_MS = 700;
/** How often a session polls where the manager does not say, in s. */
const POLLING_S = 1;
/** An empty request follows another no sooner than `polling` and this, in ms. */
const POLLING_MARGIN_MS = 200;
/** What a body needs besides its payload, at most, in bytes. */
const ENVELOPE_BYTES = 500;
/** A longer sid is none: it would go with every request. */
const LONGEST_SID = 1_024;
/** Bodies longer than this many UTF-16 units are compressed where the manager takes that. */
const COMPRESS_FROM = 1_024;
/** A manager that copes with swapped requests may still forget a repeated one that comes late, in ms. */
const REPEAT_GUARD_MS = 5;

export interface SessionOptions {
  /** The BOSH URL. */
  readonly endpoint: string;
  /** The domain to reach (`to`). */
  readonly to: string;
  /** `xml:lang` of what the server writes for people. */
  readonly lang: string;
  /** The first rid, see `protocol/rid.ts`. */
  readonly firstRid: number;
  /** A number in [0, 1) at each call, for jitter. */
  readonly random: () => number;
  /** Go on with this session. */
  readonly record?: SessionRecord;
  /** One connection only, asked at intervals (XEP-0124 §12): where a second one does not get through. */
  readonly polling?: boolean;
  /** How long requests may be held, up to 120 s where the network lets them; 60 where absent. */
  readonly wait?: number;
  /** What the network is known to do; the session keeps to it, and to what it is told later. */
  readonly limits?: PathLimits;
  /** Who asks, for a manager that forwards it (`from`): a bare JID. */
  readonly from?: string;
  /** Where a manager that serves several servers is to go: `proto:host:port`. */
  readonly route?: string;
  /** The Content-Type all answers are to have, where an intermediary lets no other through. */
  readonly content?: string;
  /** Proves with every request that it comes from us (XEP-0124 §15): the secret of a fresh key sequence. */
  readonly keySecret?: string;
}

export class SessionMachine {
  readonly endpoint: string;
  readonly log = new ExchangeLog();
  state: SessionState = 'connecting';
  sid: string | undefined;
  granted: GrantedAttributes = {};
  nextRid: number;
  /** Unanswered, or answered and not yet delivered; in rid order. */
  readonly requests: SessionRequest[] = [];
  guard = new OrderingGuard(true);
  lastAnswerAt: number | undefined;
  retryAt: number | undefined;
  lastProblem: (Problem & { at: number }) | undefined;
  httpVersion: string | undefined;
  proxy: ExchangeFacts['proxy'];
  tls: TlsReading | undefined;
  limits: PathLimits;

  readonly #options: SessionOptions;
  readonly #queue = new OutgoingQueue();
  #effects: SessionEffect[] = [];
  #durable = false;
  #failures = 0;
  /** Times two requests stalled without an answer between. */
  #stallsInARow = 0;
  /** How many tries have been posted. */
  #posts = 0;
  #brokenSince: number | undefined;
  /** The manager has answered in this process. */
  #isHeard = false;
  /** Pairs of requests that stalled since both connections were answered on. */
  #stalledPairs = 0;
  /** The connections answered on since the first of them stalled. */
  readonly #answeredLanes = new Set<number>();
  /** The connection answered on last. */
  #lastLane = 0;
  /** The last request held nothing, nor did its answer. */
  #polledInVain = false;
  #terminatePayload: string | undefined;
  /** The manager ended the session: why, once what came before has been delivered. */
  #ending: Problem | undefined;
  #wakeAt: number | undefined;
  #now = 0;
  #keys: KeySequence | undefined;
  #keyOrigin: SessionRecord['keys'];
  /** Ask for a pause of this many seconds with the next request. */
  #pauseWanted: number | undefined;
  /** When a paused session goes on by itself. */
  #pauseOverAt = Number.POSITIVE_INFINITY;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.endpoint = options.endpoint;
    this.nextRid = options.firstRid;
    this.limits = options.limits ?? {};
    const { record, keySecret, firstRid } = options;
    this.#keyOrigin = record
      ? record.keys
      : keySecret
        ? { secret: keySecret, firstRid }
        : undefined;
    if (this.#keyOrigin) {
      this.#keys = new KeySequence(this.#keyOrigin.secret, this.#keyOrigin.firstRid);
    }
    if (!record) return;
    this.state = 'broken';
    this.sid = record.sid;
    this.granted = record.granted;
    this.nextRid = record.nextRid;
    this.lastAnswerAt = record.lastAnswerAt;
    this.guard = new OrderingGuard(!toleratesSwappedRequests(record.granted));
    this.#durable = true;
    // Nobody knows what the earlier process asked last, so this one does not poll at once.
    this.#polledInVain = true;
    for (const { rid, body, messageIds, answer } of record.unanswered) {
      const request = newRequest({
        rid,
        body: withSid(body, record.sid),
        kind: /^<body [^>]*\bpause='/u.test(body) ? 'pause' : 'payload',
        stanzas: messageIds.length,
        messageIds,
        durability: 'appended',
        repeated: true,
      });
      if (answer !== undefined) request.answer = answerOf(answer);
      request.inDoubt = !this.guard.isNeeded;
      this.requests.push(request);
    }
  }

  /**
   * Takes an event at a time (epoch ms, never going back) and says what to do, in order.
   * Events of a session that has ended change nothing.
   */
  handle(event: SessionEvent, now: number): readonly SessionEffect[] {
    if (this.state === 'closed') return [];
    this.#effects = [];
    this.#now = now;
    if (event.type === 'wake') this.#wakeAt = undefined;
    this.#take(event, now);
    // What is written is flushed in the same turn, and all that is due is looked at then.
    if (event.type !== 'write' && !this.#isClosed()) this.#scheduleWake(now);
    return this.#effects;
  }

  /** The session as it is at this time. */
  reading(now: number): Health {
    return readHealth(this, now);
  }

  #take(event: SessionEvent, now: number): void {
    switch (event.type) {
      case 'start':
        if (this.sid === undefined) this.#create();
        else this.#goOn();
        this.#deliver();
        this.#pump(now);
        return;
      case 'write':
        if (this.#terminatePayload !== undefined) return;
        this.#goOnFromPause();
        this.#queue.push(cleanPayload(event.payload), event.messageIds);
        this.#effects.push({ type: 'flush-later' });
        return;
      case 'restart':
        this.#queue.pushRestart();
        this.#effects.push({ type: 'flush-later' });
        return;
      case 'flush':
      case 'wake':
        this.#pump(now);
        return;
      case 'bound':
        this.#bound(event.jid, now);
        return;
      case 'appended': {
        const request = this.#find(event.rid);
        if (request?.durability === 'appending') request.durability = 'appended';
        this.#pump(now);
        return;
      }
      case 'sent': {
        const request = this.#inFlight(event.rid, event.attempt);
        if (request) request.sentAt = now;
        this.#pump(now);
        return;
      }
      case 'answered':
        this.#answered(event, now);
        return;
      case 'failed':
        this.#failed(event, now);
        return;
      case 'committed':
        this.#committed(event.rid);
        return;
      case 'pause':
        this.#pause(event.seconds, now);
        return;
      case 'limits':
        this.#keepTo(event.limits);
        return;
      case 'retry-now':
        this.#retryNow(now);
        return;
      case 'terminate':
        this.#terminatePayload ??= cleanPayload(event.payload);
        this.state = 'closing';
        this.#pump(now);
        return;
      case 'abandon':
        this.#end(event.problem);
        return;
    }
  }

  #create(): void {
    const { to, lang, polling, from, route, content, wait = WAIT_S } = this.#options;
    const body = encodeBody(
      {
        ...{ rid: this.nextRid, to, from, route, content },
        'xml:lang': lang,
        ver: '1.11',
        wait: polling ? 0 : Math.min(this.limits.wait ?? wait, wait, LONGEST_WAIT_S),
        hold: 1,
        ack: 1,
        'xmpp:version': '1.0',
        ...this.#keys?.attributesOf(this.nextRid),
        ...XBOSH_PREFIX,
      },
      '',
    );
    this.#add('create', body, 0, []);
  }

  #bound(jid: string, now: number): void {
    if (this.state === 'closing' || this.sid === undefined) return;
    this.state = 'open';
    this.#durable = true;
    const { sid } = this;
    for (const request of this.requests) request.durability = 'appended';
    this.#effects.push({
      type: 'begin',
      record: {
        endpoint: this.endpoint,
        sid,
        jid,
        granted: this.granted,
        nextRid: this.nextRid,
        unanswered: this.#unanswered().map(({ rid, body, messageIds }) => ({
          rid,
          body: withoutSid(body, sid),
          messageIds,
        })),
        lastAnswerAt: this.lastAnswerAt ?? now,
        ...(this.#keyOrigin && { keys: this.#keyOrigin }),
      },
    });
    // Not sooner: where one connection at a time gets through, it would keep out the one that signs in.
    this.#warmOtherLane();
  }

  // ---- sending -------------------------------------------------------------------------------

  /** Posts what may be posted, then makes the next request where one is due. */
  #pump(now: number): void {
    if (this.#isClosed() || this.#ending) return;
    this.#settlePause(now);
    if (this.#pauseOverAt <= now) this.#goOnFromPause();
    if (this.#stalled(now)) return;
    if (this.#postWaiting(now)) this.#makeNext(now);
    if (this.#heldAgainAt() <= now) this.state = 'open';
  }

  /** Posts requests that have a rid and are not in flight, in rid order. False where one cannot go yet. */
  #postWaiting(now: number): boolean {
    for (const request of this.requests) {
      if (!isUnanswered(request) || request.lane !== undefined) continue;
      if (request.durability === 'appending') return false;
      if (this.retryAt !== undefined && this.retryAt > now) return false;
      const lane = this.#freeLane();
      if (lane === undefined || this.#guardedUntil(now) > now) return false;
      this.#post(request, lane, now);
    }
    if (this.retryAt !== undefined && this.retryAt <= now) this.retryAt = undefined;
    return true;
  }

  #makeNext(now: number): void {
    if (this.sid === undefined || this.#guardedUntil(now) > now) return;
    if (this.#freeLane() === undefined) return;
    if (this.#terminatePayload !== undefined) {
      this.#makeTerminate(this.#terminatePayload, now);
      return;
    }
    if (this.#pauseWanted !== undefined) {
      if (this.#insideWindow(1)) this.#makePause(this.#pauseWanted, now);
      return;
    }
    if (this.state === 'paused' && this.#queue.isEmpty) return;
    if (!this.#insideWindow() || this.nextRid >= MAX_RID) return;
    const unanswered = this.#unanswered().length;
    const batch = this.#queue.take(this.#mostPayload());
    if (batch?.restart) {
      const { to, lang } = this.#options;
      this.#addBody(
        'restart',
        { to, 'xml:lang': lang, 'xmpp:restart': 'true', ...XBOSH_PREFIX },
        '',
        0,
        [],
      );
    } else if (batch) {
      const { payload, stanzas, messageIds } = batch;
      if (this.#isTooLarge(this.#encode({}, payload))) {
        this.#effects.push({ type: 'unsendable', messageIds, problem: TOO_LONG });
        this.#makeNext(now);
        return;
      }
      this.#addBody('payload', {}, payload, stanzas, messageIds);
    } else if (
      (unanswered === 0 && now >= this.#nextEmptyAt()) ||
      (unanswered === 1 && now >= Math.min(this.#confirmAt(), this.#renewAt()))
    ) {
      this.#addBody('empty', {}, '', 0, []);
    } else {
      return;
    }
    this.#postWaiting(now);
  }

  #makeTerminate(lastPayload: string, now: number): void {
    if (this.requests.some((request) => request.kind === 'terminate')) return;
    let payload = '';
    let stanzas = 1;
    const messageIds: string[] = [];
    for (let batch = this.#queue.take(); batch; batch = this.#queue.take()) {
      if (batch.restart) continue;
      payload += batch.payload;
      stanzas += batch.stanzas;
      messageIds.push(...batch.messageIds);
    }
    const body = payload + lastPayload;
    this.#addBody('terminate', { type: 'terminate' }, body, stanzas, messageIds);
    this.#postWaiting(now);
  }

  #addBody(
    kind: SessionRequest['kind'],
    attributes: Readonly<Record<string, string>>,
    payload: string,
    stanzas: number,
    messageIds: readonly string[],
  ): void {
    this.#add(kind, this.#encode(attributes, payload), stanzas, messageIds);
  }

  /** The body that the next rid would have. */
  #encode(attributes: Readonly<Record<string, string>>, payload: string): string {
    const rid = this.nextRid;
    return encodeBody(
      {
        ...{ rid, sid: this.sid, ack: this.#ackFor(rid) },
        ...attributes,
        ...this.#keys?.attributesOf(rid),
      },
      payload,
    );
  }

  #add(
    kind: SessionRequest['kind'],
    body: string,
    stanzas: number,
    messageIds: readonly string[],
  ): void {
    const rid = this.nextRid;
    this.nextRid += 1;
    const durability = this.#durable ? 'appending' : 'none';
    const request = newRequest({
      rid,
      body,
      kind,
      stanzas,
      messageIds,
      durability,
      repeated: false,
    });
    this.requests.push(request);
    if (durability === 'appending' && this.sid !== undefined) {
      const kept = { rid, body: withoutSid(body, this.sid), messageIds };
      this.#effects.push({ type: 'append', request: kept });
    }
  }

  #post(request: SessionRequest, lane: number, now: number): void {
    request.lane = lane;
    request.attempt += 1;
    request.repeated ||= request.attempt > 1;
    request.postedAt = now;
    this.#posts += 1;
    request.postNumber = this.#posts;
    request.sentAt = undefined;
    const { rid, attempt, body, stanzas } = request;
    const timeoutMs = this.#waitMs() + SLACK_MS;
    const compress = body.length > COMPRESS_FROM && /\bgzip\b/u.test(this.granted.accept ?? '');
    this.log.begin({ rid, lane, attempt, startedAt: now, stanzasSent: stanzas });
    this.#effects.push({ type: 'post', rid, attempt, lane, body, timeoutMs, compress });
  }

  // ---- receiving -----------------------------------------------------------------------------

  #answered(event: Extract<SessionEvent, { type: 'answered' }>, now: number): void {
    const request = this.#inFlight(event.rid, event.attempt);
    if (!request) return;
    this.#answeredOn(request.lane ?? 0);
    const { facts } = event;
    const body = isEcho(event.body, request.body) ? NOTHING : event.body;
    const terminated = body.attributes.type === 'terminate';
    const empty = body.payload.length === 0;
    this.log.end(request.rid, request.attempt, {
      endedAt: now,
      outcome: terminated ? 'terminated' : empty ? 'empty' : 'payload',
      stanzasReceived: body.payload.length,
      bytesSent: facts.bytesSent,
      bytesReceived: facts.bytesReceived,
    });
    this.#learn(facts);
    if (this.#isClosed()) return;
    if (body.attributes.type === 'error') {
      this.#recoverable(request, now);
      return;
    }
    if (empty || !this.#durable) this.#sampleRoundTrip(request, now);
    request.lane = undefined;
    this.lastAnswerAt = now;
    this.#isHeard = true;
    if (this.#mayBeForgotten(request, body)) {
      request.forgottenAfter = this.#posts;
      if (this.#forgotten() >= MOST_FORGOTTEN) {
        this.#end(SILENT);
        return;
      }
      this.#effects.push({ type: 'flush-later' });
      this.#pump(now);
      return;
    }
    if (!terminated) this.#answerForgotten(request);
    this.#polledInVain = empty && request.stanzas === 0;
    this.#failures = 0;
    this.#stallsInARow = 0;
    this.#brokenSince = undefined;
    this.retryAt = undefined;
    if (this.state === 'broken' && !terminated) this.state = this.#durable ? 'open' : 'negotiating';
    if (request.kind === 'create' && !terminated && !this.#created(body, now)) return;
    request.answer = body;
    if (terminated || request.kind === 'terminate') this.#ended(request, body);
    else this.#confirm(request, body, now);
    this.#keep(request);
    this.#deliver();
    this.#effects.push({ type: 'flush-later' });
  }

  #answeredOn(lane: number): void {
    this.#lastLane = lane;
    this.#answeredLanes.add(lane);
    if (this.#answeredLanes.size === LANES) this.#stalledPairs = 0;
  }

  /**
   * Prosody keeps no answer for a request whose connection broke while it was held, and once it has the next
   * rid it answers a repeat with `item-not-found`, the session living on. So a later request decides whether
   * the session is gone: one posted after this answer, and answered, says that it is not. Until then nothing
   * that was answered to later requests is delivered, since this one's answer may be lost with the session.
   * No manager keeps an answer to a pause. A manager without `ver` always means the session (XEP-0124 §17.1).
   */
  #mayBeForgotten(request: SessionRequest, body: DecodedBody): boolean {
    return (
      this.#durable &&
      this.#terminatePayload === undefined &&
      this.granted.ver !== undefined &&
      body.attributes.type === 'terminate' &&
      body.attributes.condition === 'item-not-found' &&
      ((request.kind === 'pause' && request.repeated) ||
        this.requests.some((other) => other.rid > request.rid))
    );
  }

  /** Requests the manager does not know, of which nothing has shown yet that the session outlived it. */
  #forgotten(): number {
    const isForgotten = ({ answer, forgottenAfter }: SessionRequest) =>
      forgottenAfter !== undefined && answer === undefined;
    return this.requests.filter(isForgotten).length;
  }

  /** The session has outlived what was said of these: their rids were taken, and nothing was answered to them. */
  #answerForgotten({ postNumber }: SessionRequest): void {
    for (const request of this.requests) {
      const { forgottenAfter = Number.POSITIVE_INFINITY } = request;
      if (postNumber > forgottenAfter) request.answer ??= NOTHING;
    }
  }

  /** Reads the session creation response; false where it grants no session. */
  #created(body: DecodedBody, now: number): boolean {
    const { sid } = body.attributes;
    if (sid === undefined || sid === '' || sid.length > LONGEST_SID) {
      this.#end({
        code: 'endpoint.no-session',
        source: 'endpoint',
        message: 'The server answered, but opened no session.',
        advice: 'Check the BOSH address, or ask whoever runs the server.',
        retry: 'later',
      });
      return false;
    }
    this.sid = sid;
    this.granted = grantedAttributes(body.attributes, sid);
    this.guard = new OrderingGuard(!toleratesSwappedRequests(this.granted));
    this.state = this.state === 'closing' ? 'closing' : 'negotiating';
    this.lastAnswerAt = now;
    this.#effects.push({ type: 'created', root: body.root });
    return true;
  }

  /** A session of an earlier process goes on, where the network here lets it. */
  #goOn(): void {
    this.#warmOtherLane();
    this.#keepTo(this.limits);
  }

  #warmOtherLane(): void {
    if (this.#window() > 1) this.#effects.push({ type: 'warm', lane: 1 });
  }

  /** What an answer tells of other requests than the one it answers. */
  #confirm(answered: SessionRequest, body: DecodedBody, now: number): void {
    const { ack, report } = body.attributes;
    // The manager takes requests in rid order.
    for (const request of this.requests) {
      if (request.rid < answered.rid && !request.answer) this.#markTaken(request);
    }
    if (this.granted.ack !== undefined) this.#acknowledged(Number(ack ?? answered.rid), now);
    else if (body.payload.length === 0) this.#inferTaken(answered, now);
    // The manager answered this long ago, and we never saw it (XEP-0124 §9.2).
    const missing = report === undefined ? undefined : this.#find(Number(report));
    if (missing?.lane !== undefined && !missing.answer) this.#abort(missing);
  }

  /** The manager has all requests up to this rid; one sent well before its answer and not among them is lost. */
  #acknowledged(highest: number, now: number): void {
    const late = Math.max(LOST_AFTER_MS, 4 * (this.log.roundTrip?.median ?? 0));
    for (const request of this.requests) {
      if (request.lane === undefined || request.answer) continue;
      if (request.rid <= highest) this.#markTaken(request);
      else if (request.sentAt !== undefined && now - request.sentAt > late) this.#abort(request);
    }
  }

  /**
   * A held request that comes back empty before its `wait` was released by the next one (XEP-0124 §8):
   * so the manager has that one. A repeat may get what the manager answered before, which tells nothing.
   */
  #inferTaken(released: SessionRequest, now: number): void {
    const wait = this.#waitMs();
    if (wait === 0 || released.repeated || now - released.postedAt > wait - 1_000) return;
    const next = this.#find(released.rid + 1);
    if (next?.sentAt === undefined || next.answer || next.lane === undefined) return;
    this.#markTaken(next);
  }

  #markTaken(request: SessionRequest): void {
    if (request.taken) return;
    request.taken = true;
    if (this.#durable && request.messageIds.length > 0) {
      this.#effects.push({ type: 'taken', rid: request.rid });
    }
  }

  /**
   * The manager ended the session; what it answered before is delivered first. A farewell without a stanza
   * does not say that the request it answers was taken: a manager that no longer has the session says it too.
   */
  #ended(request: SessionRequest, body: DecodedBody): void {
    this.#ending =
      this.#terminatePayload === undefined
        ? terminateProblem(body.attributes, body.payload)
        : SIGNED_OUT;
    for (const other of this.requests) {
      if (other.lane !== undefined) this.#abort(other);
    }
    const isTaken =
      this.#terminatePayload !== undefined ||
      body.payload.some((child) => !child.is('error', NS_STREAM));
    if (!isTaken) request.answer = undefined;
    if (this.#durable) return;
    // Nothing of a session that was never bound is in the archive: what is missing is not waited for.
    const answered = this.requests.filter(({ answer }) => answer);
    this.requests.splice(0, this.requests.length, ...answered);
  }

  /**
   * An answer that has to wait, for one that is missing or for a sign that it can be believed, must not be lost
   * meanwhile: the manager may forget it. What nobody waits for any more when the session ends, the archive tells.
   */
  #keep(request: SessionRequest): void {
    const { rid, answer } = request;
    if (!this.#durable || !answer || this.#isNext(request)) return;
    if (answer.payloadText === '') this.#markTaken(request);
    else this.#effects.push({ type: 'keep', rid, payload: answer.payloadText });
  }

  /** Whether nothing stands between this answer and its delivery. */
  #isNext({ rid }: SessionRequest): boolean {
    return this.requests.every(
      (request) => request.rid > rid || (request.answer && !this.#isInDoubt(request)),
    );
  }

  /** Delivers, in rid order, all that is answered without a gap or a doubt before it. */
  #deliver(): void {
    for (let head = this.requests[0]; head?.answer; head = this.requests[0]) {
      if (this.#isInDoubt(head)) break;
      if (head.durability !== 'none') {
        // Into the journal in order; `committed` goes on from here.
        for (const request of this.requests) {
          if (!request.answer || this.#isInDoubt(request)) break;
          if (request.committing) continue;
          request.committing = true;
          const { payloadText } = request.answer;
          const payload = payloadText === '' ? undefined : payloadText;
          this.#effects.push({ type: 'commit', rid: request.rid, payload });
        }
        return;
      }
      this.requests.shift();
      const { payload } = head.answer;
      if (payload.length > 0) this.#effects.push({ type: 'deliver', payload });
    }
    if (this.#ending) this.#end(this.#ending);
  }

  #committed(rid: number): void {
    const head = this.requests[0];
    if (!head?.answer || head.rid !== rid) return;
    this.requests.shift();
    const { payload } = head.answer;
    if (payload.length > 0) this.#effects.push({ type: 'deliver', rid, payload });
    if (this.requests[0]?.answer) this.#deliver();
    else if (this.#ending) this.#end(this.#ending);
    this.#effects.push({ type: 'flush-later' });
  }

  /**
   * Prosody puts off a request that comes before the one it follows, and answers on its connection once that one is
   * there: where the connection is gone by then, everything from there on goes nowhere, and a repeat gets only the
   * last of it. So what comes to a repeat is believed once a later request is answered, which then never is.
   */
  #isInDoubt({ rid, inDoubt }: SessionRequest): boolean {
    const isProof = ({ answer, forgottenAfter }: SessionRequest) =>
      answer !== undefined &&
      forgottenAfter === undefined &&
      answer.attributes.type !== 'terminate';
    return inDoubt && !this.requests.some((other) => other.rid > rid && isProof(other));
  }

  // ---- when something goes wrong -------------------------------------------------------------

  #failed(event: Extract<SessionEvent, { type: 'failed' }>, now: number): void {
    const request = this.#inFlight(event.rid, event.attempt);
    if (!request) return;
    const { problem, facts } = event;
    this.log.end(request.rid, request.attempt, {
      endedAt: now,
      outcome: 'failed',
      bytesSent: facts?.bytesSent ?? 0,
      bytesReceived: facts?.bytesReceived ?? 0,
      problemCode: problem.code,
    });
    if (facts) this.#learn(facts);
    if (this.#isClosed()) return;
    if (request.kind === 'create') {
      this.#end(problem);
      return;
    }
    if (this.#isKnownCut(request, problem, now)) {
      this.#cutOff(request);
      this.#pump(now);
      return;
    }
    this.#repeatLater(request, problem, now, event.retryAfterMs);
  }

  /** A cut that was to be expected: the network is as it always was, and the request goes out again at once. */
  #isKnownCut(request: SessionRequest, problem: Problem, now: number): boolean {
    const { wait } = this.limits;
    return (
      wait !== undefined &&
      this.#durable &&
      request.sentAt !== undefined &&
      now - request.sentAt >= wait * 1000 &&
      problem.code !== 'network.timeout'
    );
  }

  /** The network has shown what it does: what this session can keep to, it does; else it makes room for another. */
  #keepTo(limits: PathLimits): void {
    this.limits = limits;
    if (hasToPoll(limits) && !this.#options.polling) {
      this.#end(limits.oneConnection ? ONE_CONNECTION : KEPT_BACK);
    }
    // Its rid is used, and it never gets through.
    else if (this.#unanswered().some(({ body }) => this.#isTooLarge(body))) this.#end(TOO_LARGE);
  }

  /** One of this size, or a smaller one, was refused for it. */
  #isTooLarge(body: string): boolean {
    const { refusedRequest } = this.limits;
    return refusedRequest !== undefined && Buffer.byteLength(body) >= refusedRequest;
  }

  /** A recoverable binding condition (XEP-0124 §17.3): repeat this request and all unanswered before it. */
  #recoverable(request: SessionRequest, now: number): void {
    for (const other of this.requests) {
      if (other.rid < request.rid && other.lane !== undefined) this.#abort(other);
    }
    this.#repeatLater(request, RECOVERABLE, now);
  }

  #repeatLater(request: SessionRequest, problem: Problem, now: number, retryAfterMs = 0): void {
    this.lastProblem = { ...problem, at: now };
    this.#cutOff(request);
    if (request.kind === 'terminate') {
      this.#end(SIGNED_OUT);
      return;
    }
    this.#brokenSince ??= now;
    if (!this.#durable && now - this.#brokenSince > NEGOTIATION_PATIENCE_MS) {
      this.#end(problem);
      return;
    }
    if (this.state === 'open' || this.state === 'negotiating') this.state = 'broken';
    if (this.retryAt === undefined || this.retryAt <= now) {
      this.#failures += 1;
      this.retryAt = now + backoffMs(this.#failures, this.#options.random());
    }
    this.retryAt = Math.max(this.retryAt, this.#mayAskAgainAt(now, retryAfterMs));
    this.#pump(now);
  }

  /** As late as a stranger asks, but for one try before the manager would take us for gone (XEP-0124 §10). */
  #mayAskAgainAt(now: number, retryAfterMs: number): number {
    const asked = now + Math.min(retryAfterMs, MOST_RETRY_AFTER_MS);
    const { inactivity = Number.POSITIVE_INFINITY } = this.granted;
    const last = (this.lastAnswerAt ?? now) + inactivity * ASK_BEFORE_INACTIVITY_MS;
    return last > now ? Math.min(asked, last) : asked;
  }

  /**
   * Nothing is sent for a while (XEP-0124 §10). What is held comes back at once; ejabberd never answers the
   * pause itself, so its answer is not waited for: the next request shows whether the manager had it.
   */
  #pause(seconds: number, now: number): void {
    const most = this.granted.maxpause ?? 0;
    if (most === 0 || this.state !== 'open') return;
    this.#pauseWanted = Math.max(1, Math.min(Math.floor(seconds), most));
    this.#pump(now);
  }

  #goOnFromPause(): void {
    this.#pauseOverAt = Number.POSITIVE_INFINITY;
    if (this.state === 'paused') this.state = 'open';
  }

  /** A second after it was sent, without a fault on its connection, a pause counts as taken. */
  #settlePause(now: number): void {
    if (this.#pauseSettlesAt() > now) return;
    const pause = this.requests.find((request) => request.kind === 'pause' && !request.answer);
    if (!pause) return;
    this.#abort(pause);
    pause.answer = NOTHING;
    this.#deliver();
  }

  #pauseSettlesAt(): number {
    const pause = this.requests.find((request) => request.kind === 'pause' && !request.answer);
    return (pause?.sentAt ?? Number.POSITIVE_INFINITY) + PAUSE_ANSWER_MS;
  }

  #makePause(seconds: number, now: number): void {
    this.#pauseWanted = undefined;
    this.state = 'paused';
    this.#pauseOverAt = now + seconds * ASK_BEFORE_INACTIVITY_MS;
    this.#addBody('pause', { pause: String(seconds) }, '', 0, []);
    this.#postWaiting(now);
  }

  /**
   * Two requests are with the manager and it should have answered the older at once, but has not: one of the
   * connections does not get through. Both are repeated on fresh ones; where that does not help, or only one of
   * them is ever answered on, only one connection at a time gets through here, and the session ends so that the
   * next one can poll.
   */
  #stalled(now: number): boolean {
    for (const request of this.requests) {
      const { lane } = request;
      if (lane === undefined || this.#overtakenAt(request) > now) continue;
      if (this.#stalledPairs > 0 && !this.#answeredLanes.has(lane)) {
        this.#end(ONE_CONNECTION);
        return true;
      }
      this.#repeatStalled(request, now);
    }
    if (this.#stallAt() > now) return false;
    const pair = this.requests.filter((request) => request.lane !== undefined);
    const again = pair.every((request) => request.stalls > 0);
    const [head] = this.requests;
    this.#stallsInARow += 1;
    this.#stalledPairs += 1;
    if (this.#stalledPairs === 1) this.#answeredLanes.clear();
    if (again || this.#stallsInARow > 1 || this.#stalledPairs > MOST_STALLED_PAIRS) {
      // Where one was answered meanwhile, if only as unknown, connections are not what is missing.
      const isSilent = this.#stallsInARow > 1 && (!again || head?.answer !== undefined);
      this.#end(isSilent ? SILENT : ONE_CONNECTION);
      return true;
    }
    for (const request of pair) this.#repeatStalled(request, now);
    return false;
  }

  #repeatStalled(request: SessionRequest, now: number): void {
    this.lastProblem = { ...STALLED, at: now };
    request.stalls += 1;
    this.#abort(request);
  }

  /** When two requests in flight count as stalled, or the one of them that was not answered when the other was. */
  #stallAt(): number {
    if (this.#durable && this.requests.length < 2) return Number.POSITIVE_INFINITY;
    const inFlight = this.requests.filter((request) => request.lane !== undefined);
    const newest = inFlight.at(-1);
    const isOrdinary = inFlight.every(({ kind }) => kind !== 'terminate' && kind !== 'pause');
    if (!newest || !isOrdinary) return Number.POSITIVE_INFINITY;
    if (inFlight.length > 1) return newest.postedAt + this.#stallMs();
    // While signing in nothing is held that asks for something.
    const { median = 0 } = this.log.roundTrip ?? {};
    const isLeftBehind = !this.#durable && newest.stalls > 0 && newest.stanzas > 0;
    return isLeftBehind
      ? newest.postedAt + Math.max(STALL_MS, STALL_ROUND_TRIPS * median)
      : Number.POSITIVE_INFINITY;
  }

  /**
   * When to ask again for an answer that a later one has overtaken: it is stuck or lost, since the manager
   * answers in order (XEP-0124 §14.2), and meanwhile the manager holds nothing. It gets more time at each try,
   * since it may just be long, but never so much that the manager would end the session.
   */
  #overtakenAt(request: SessionRequest): number {
    if (request.lane === undefined || request.kind === 'pause') return Number.POSITIVE_INFINITY;
    const isOvertaken = this.requests.some(({ rid, answer }) => rid > request.rid && answer);
    if (!isOvertaken) return Number.POSITIVE_INFINITY;
    const { inactivity = Number.POSITIVE_INFINITY } = this.granted;
    const patience = this.#stallMs() * 2 ** request.stalls;
    const since = Math.max(request.postedAt, this.lastAnswerAt ?? 0);
    return since + Math.min(patience, inactivity * ASK_BEFORE_INACTIVITY_MS);
  }

  #stallMs(): number {
    return Math.max(STALL_MS, STALL_ROUND_TRIPS * (this.log.roundTrip?.worst ?? 0));
  }

  /**
   * When a fault counts as over although nothing was answered since: the manager has nothing to say, and whoever
   * looks at the state should not wait for the end of its `wait`.
   */
  #heldAgainAt(): number {
    const [request] = this.requests;
    const isAlone = this.state === 'broken' && this.#durable && this.requests.length === 1;
    return isAlone && this.#isHeard && request?.sentAt !== undefined
      ? request.sentAt + HELD_AGAIN_MS
      : Number.POSITIVE_INFINITY;
  }

  #retryNow(now: number): void {
    for (const request of this.requests) {
      if (request.lane !== undefined && request.kind !== 'create') this.#abort(request);
    }
    this.retryAt = undefined;
    this.#goOnFromPause();
    this.#pump(now);
  }

  #abort(request: SessionRequest): void {
    this.log.end(request.rid, request.attempt, { endedAt: this.#now, outcome: 'aborted' });
    this.#effects.push({ type: 'abort', rid: request.rid, attempt: request.attempt });
    this.#cutOff(request);
  }

  /** Its connection is gone, and it has no answer. */
  #cutOff(request: SessionRequest): void {
    request.lane = undefined;
    request.sentAt = undefined;
    request.inDoubt ||=
      !this.guard.isNeeded && this.requests.some(({ rid, answer }) => rid < request.rid && !answer);
  }

  #end(problem: Problem): void {
    for (const request of this.requests) {
      if (request.lane !== undefined) this.#abort(request);
    }
    this.state = 'closed';
    this.retryAt = undefined;
    this.#effects.push({ type: 'wake-at', at: undefined }, { type: 'ended', problem });
  }

  // ---- rules ---------------------------------------------------------------------------------

  /** How many requests may be unanswered (XEP-0124 §11): what is granted, and no more than can be on their way. */
  #window(): number {
    if (this.#options.polling) return 1;
    const { requests, hold = 1 } = this.granted;
    return Math.max(1, Math.min(requests ?? hold + 1, LANES));
  }

  /** How long the manager may hold a request, in ms. */
  #waitMs(): number {
    // What an earlier process asked for, nobody knows.
    const { record, wait = WAIT_S } = this.#options;
    const most = record ? LONGEST_WAIT_S : Math.min(wait, LONGEST_WAIT_S);
    return Math.min(this.granted.wait ?? WAIT_S, most) * 1000;
  }

  /**
   * Whether the next rid may be used. Counted from the oldest request still without an answer, not by how many
   * there are: the manager keeps only so many answers to repeat (XEP-0124 §14.3), and the oldest must be one.
   * `beyond`: how many places more there are, which is one to pause (§11).
   */
  #insideWindow(beyond = 0): boolean {
    const oldest = this.#unanswered()[0]?.rid ?? this.nextRid;
    return this.nextRid - oldest < this.#window() + beyond;
  }

  /**
   * The highest rid whose answer, and all before it, are in the journal; absent where that is every one, and
   * where the manager did not say that it uses acknowledgements (XEP-0124 §9.2).
   */
  #ackFor(rid: number): number | undefined {
    const oldest = this.requests[0];
    if (this.granted.ack === undefined || !oldest || oldest.rid === rid) return undefined;
    return oldest.rid - 1;
  }

  #unanswered(): SessionRequest[] {
    return this.requests.filter(isUnanswered);
  }

  #find(rid: number): SessionRequest | undefined {
    return this.requests.find((request) => request.rid === rid);
  }

  #inFlight(rid: number, attempt: number): SessionRequest | undefined {
    const request = this.#find(rid);
    return request?.lane !== undefined && request.attempt === attempt ? request : undefined;
  }

  #freeLane(): number | undefined {
    const extra =
      this.#terminatePayload !== undefined ||
      this.#pauseWanted !== undefined ||
      this.requests.some((request) => request.kind === 'pause');
    const lanes = this.#window() > 1 || extra ? LANES : 1;
    const isFree = (lane: number) => !this.requests.some((request) => request.lane === lane);
    // The one that was answered on last: it is open, and gets through.
    if (lanes === LANES && isFree(this.#lastLane)) return this.#lastLane;
    for (let lane = 0; lane < lanes; lane += 1) if (isFree(lane)) return lane;
    return undefined;
  }

  /** When the next request may follow those in flight on the other connection. */
  #guardedUntil(now: number): number {
    let until = now;
    for (const request of this.requests) {
      const ms = request.repeated ? Math.max(this.guard.ms, REPEAT_GUARD_MS) : this.guard.ms;
      if (request.lane === undefined || ms === 0) continue;
      if (request.sentAt === undefined) return Number.POSITIVE_INFINITY;
      until = Math.max(until, request.sentAt + ms);
    }
    return until;
  }

  /**
   * When an empty request may be made with none unanswered (XEP-0124 §12 for polling sessions). The manager
   * counts from when the last one came, which was before it was answered.
   */
  #nextEmptyAt(): number {
    const polls = this.granted.hold === 0 || this.granted.wait === 0 || this.#window() === 1;
    if (!polls || !this.#polledInVain) return Number.NEGATIVE_INFINITY;
    const { polling = POLLING_S, inactivity = Number.POSITIVE_INFINITY } = this.granted;
    const pauseMs = Math.min(polling * 1000, inactivity * ASK_BEFORE_INACTIVITY_MS);
    return (this.lastAnswerAt ?? 0) + pauseMs;
  }

  /** When an empty request is to release the held one, before something on the way cuts it. */
  #renewAt(): number {
    const sentAt = this.#unanswered()[0]?.sentAt;
    const { wait } = this.limits;
    if (wait === undefined || wait * 1000 >= this.#waitMs() || sentAt === undefined) {
      return Number.POSITIVE_INFINITY;
    }
    // Two empty requests in a row keep this distance (XEP-0124 §12).
    return sentAt + Math.max(wait * 1000, (this.granted.polling ?? 0) * 1000 + POLLING_MARGIN_MS);
  }

  /** As much payload as fits a request that gets through, in bytes. */
  #mostPayload(): number {
    const { largestRequest = Number.POSITIVE_INFINITY } = this.limits;
    return Math.max(1, largestRequest - ENVELOPE_BYTES);
  }

  /**
   * When to have the held request answered by an empty one: since it has messages in it that may not have been
   * taken, or since answers wait to be delivered for a sign that the session lives.
   */
  #confirmAt(): number {
    const held = this.#unanswered()[0];
    const isInDoubt = held && !held.taken && held.messageIds.length > 0;
    const [head] = this.requests;
    const isWaitedFor =
      head !== undefined &&
      (head.answer ? this.#isInDoubt(head) : head.forgottenAfter !== undefined) &&
      this.requests.some(({ answer }) => answer);
    if (held?.sentAt === undefined || !(isInDoubt || isWaitedFor)) return Number.POSITIVE_INFINITY;
    return held.sentAt + Math.max(CONFIRM_AFTER_MS, (this.granted.polling ?? 0) * 1000);
  }

  #scheduleWake(now: number): void {
    let at = Number.POSITIVE_INFINITY;
    const consider = (time: number): void => {
      if (time > now && time < at) at = time;
    };
    if (this.retryAt !== undefined) consider(this.retryAt);
    consider(this.#stallAt());
    consider(this.#pauseSettlesAt());
    consider(this.#pauseOverAt);
    consider(this.#heldAgainAt());
    for (const request of this.requests) consider(this.#overtakenAt(request));
    const wanted =
      !this.#queue.isEmpty ||
      this.#terminatePayload !== undefined ||
      this.#pauseWanted !== undefined;
    const unanswered = this.#unanswered();
    const waiting = unanswered.some((request) => request.lane === undefined);
    if (wanted || waiting) consider(this.#guardedUntil(now));
    if (unanswered.length === 0) consider(this.#nextEmptyAt());
    if (unanswered.length === 1) consider(Math.min(this.#confirmAt(), this.#renewAt()));
    const due = at === Number.POSITIVE_INFINITY ? undefined : at;
    if (due === this.#wakeAt) return;
    this.#wakeAt = due;
    this.#effects.push({ type: 'wake-at', at: due });
  }

  #sampleRoundTrip(request: SessionRequest, now: number): void {
    const later = this.requests.find((other) => other.rid > request.rid && other.sentAt);
    const since = later?.sentAt ?? (this.#durable ? undefined : request.sentAt);
    if (since === undefined) return;
    this.log.addRoundTrip(now - since);
    this.guard.sample(now - since);
  }

  #learn(facts: Omit<ExchangeFacts, 'bytesSent' | 'bytesReceived'>): void {
    if (facts.httpVersion !== undefined) this.httpVersion = facts.httpVersion;
    if (facts.proxy !== undefined) this.proxy = facts.proxy;
    if (facts.tls === undefined) return;
    const before = this.tls;
    // A resumed connection may show none.
    this.tls = facts.tls.fingerprint === undefined ? { ...before, ...facts.tls } : facts.tls;
    // XEP-0124 §19.1: another certificate within a session ends it, and nothing more is sent. Certificates are
    // renewed, and inspecting proxies make one for each connection: another one by the same issuer will do.
    const isOther =
      before?.fingerprint !== undefined && before.fingerprint !== this.tls.fingerprint;
    const isSameIssuer = before?.issuer !== undefined && before.issuer === this.tls.issuer;
    if (isOther && !isSameIssuer) this.#end(OTHER_CERTIFICATE);
  }

  /** A method, so that narrowing does not outlive a call that may change the state. */
  #isClosed(): boolean {
    return this.state === 'closed';
  }
}

/** The manager may still answer it, and is asked again where it does not. */
function isUnanswered({ answer, forgottenAfter }: SessionRequest): boolean {
  return answer === undefined && forgottenAfter === undefined;
}

const STALLED: Problem = {
  code: 'network.stalled',
  source: 'network',
  message: 'One of the two connections to the server does not get through.',
  advice: 'Most likely the network holds it up. Holdfast opens both anew.',
  retry: 'now',
};

/** Prosody does so once a request it put off, since the one before it was missing, has lost its connection. */
const SILENT: Problem = {
  code: 'endpoint.silent',
  source: 'endpoint',
  message: 'The server no longer answers in this session.',
  advice: 'Holdfast begins a new one.',
  retry: 'now',
};

const ONE_CONNECTION: Problem = {
  code: 'network.one-connection',
  source: 'network',
  message: 'This network lets only one connection at a time through to the server.',
  advice: 'Holdfast goes on with one; messages may come a few seconds later.',
  retry: 'now',
};

const KEPT_BACK: Problem = {
  code: 'network.answers-kept-back',
  source: 'network',
  message: 'This network keeps back what the server answers to requests that wait.',
  advice: 'Holdfast asks at short intervals instead; messages may come a few seconds later.',
  retry: 'now',
};

const TOO_LARGE: Problem = {
  code: 'network.request-too-large',
  source: 'network',
  message: 'This network, or the web server, lets no large requests through.',
  advice: 'Holdfast goes on with smaller ones.',
  retry: 'now',
};

/** Of a message that is longer than what gets through. */
const TOO_LONG: Problem = {
  code: 'network.message-too-long',
  source: 'network',
  message: 'This message is too long for the network you are in.',
  advice: 'Send it in shorter parts, or try again in another network.',
  retry: 'later',
};

const OTHER_CERTIFICATE: Problem = {
  code: 'network.other-certificate',
  source: 'network',
  message: 'The server showed another certificate than before.',
  advice: 'Holdfast signs in again.',
  retry: 'now',
};

const NOTHING = decodeBody(encodeBody({}, ''));

/** An answer that an earlier process had and kept. */
function answerOf(payloadText: string): DecodedBody {
  return { ...NOTHING, payload: decodePayload(payloadText), payloadText };
}

const SIGNED_OUT: Problem = {
  code: 'app.signed-out',
  source: 'app',
  message: 'Signed out.',
  advice: '',
  retry: 'never',
};

const RECOVERABLE: Problem = {
  code: 'endpoint.recoverable',
  source: 'endpoint',
  message: 'The server asked to repeat a request.',
  advice: 'Holdfast repeats it by itself.',
  retry: 'now',
};
