/**
 * A BOSH session over real HTTP: carries out what the session machine asks for (exchanges, journal, timers)
 * and tells it what happened. The XMPP room plugs it into @xmpp/client as a transport.
 */
import { EventEmitter } from 'node:events';
import type { Element } from '@xmpp/xml';
import type { Health, SessionState } from '../../../shared/health.ts';
import type { PathLimits } from '../../../shared/path-limits.ts';
import { type Problem, problemOf } from '../../../shared/problem.ts';
import type { HttpExchange, HttpResponse } from '../../network/http-exchange.ts';
import { describeStranger, retryAfterMs } from '../../network/strangers.ts';
import {
  BodyError,
  type DecodedBody,
  decodeBody,
  encodeBody,
  looksLikeBody,
} from '../protocol/body.ts';
import { randomRid } from '../protocol/rid.ts';
import { createClock } from './clock.ts';
import type { Journal, Kept } from './journal.ts';
import { PathObserver } from './path-observer.ts';
import type { ExchangeFacts, SessionEffect, SessionEvent } from './session-events.ts';
import { SessionMachine, type SessionOptions } from './session-machine.ts';

/** An answer larger than this, in bytes, is refused while it streams in. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export interface BoshSessionOptions extends Omit<SessionOptions, 'firstRid' | 'random'> {
  readonly http: HttpExchange;
  readonly journal: Journal;
}

interface BoshSessionEvents {
  /** The session creation response. */
  created: [root: Element];
  /** Payload in order, once; `rid` where the journal keeps it until `processed(rid)`. */
  payload: [payload: readonly Element[], rid: number | undefined];
  /** These messages are not sent: no request that could carry them gets through. */
  unsendable: [messageIds: readonly string[], problem: Problem];
  /** Once, last: nothing is sent or received any more. */
  ended: [problem: Problem];
  /** The network has shown what it does: all that is known of it. */
  limits: [limits: PathLimits];
  /** The reading has changed: at once where the state did, else at most every 50 ms. */
  change: [];
}

export class BoshSession extends EventEmitter<BoshSessionEvents> {
  readonly #machine: SessionMachine;
  readonly #http: HttpExchange;
  readonly #journal: Journal;
  readonly #now = createClock();
  readonly #observer: PathObserver;
  readonly #exchanges = new Map<string, AbortController>();
  /** The last of what the journal has not kept yet; settles when all before it is kept. */
  #keeping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #flushing = false;
  #isTelling = false;
  readonly #toTell: SessionEvent[] = [];
  #changing: NodeJS.Timeout | undefined;

  constructor(options: BoshSessionOptions) {
    super();
    const { http, journal, ...rest } = options;
    this.#http = http;
    this.#journal = journal;
    this.#observer = new PathObserver(options.limits ?? {}, (limits) => this.#learned(limits));
    this.#machine = new SessionMachine({ ...rest, firstRid: randomRid(), random: Math.random });
  }

  start(): void {
    this.#tell({ type: 'start' });
  }

  /** Sends payload, together with all else written in this tick. `messageIds`: of the message stanzas in it. */
  write(payload: string, messageIds: readonly string[]): void {
    this.#tell({ type: 'write', payload, messageIds });
  }

  /** Restarts the XMPP stream after SASL (XEP-0206 §5). */
  restart(): void {
    this.#tell({ type: 'restart' });
  }

  /** The stream is bound to this full JID: from now on the journal keeps the session. */
  bound(jid: string): void {
    this.#tell({ type: 'bound', jid });
  }

  /** The application has made its own records of the payload of this rid. */
  processed(rid: number): void {
    this.#keep(() => this.#journal.processed(rid));
  }

  /**
   * Tells the manager that nothing will be sent for up to this many seconds; as many as it grants, and
   * nothing where it grants none. The next write ends the pause. What the manager answers is not waited for.
   */
  pause(seconds: number): void {
    this.#tell({ type: 'pause', seconds });
  }

  /** Ends the session, this payload last. */
  terminate(payload: string): void {
    this.#tell({ type: 'terminate', payload });
  }

  /** Stops without a word to the manager, so that another process can go on with the session. */
  detach(): void {
    this.#tell({ type: 'abandon', problem: DETACHED });
  }

  /** What the network is known to do from now on. */
  keepTo(limits: PathLimits): void {
    this.#observer.keepTo(limits);
    this.#tell({ type: 'limits', limits });
  }

  retryNow(): void {
    this.#tell({ type: 'retry-now' });
  }

  /** Where the session stands now, without the cost of a whole reading. */
  get state(): SessionState {
    return this.#machine.state;
  }

  reading(): Health {
    return this.#machine.reading(this.#now());
  }

  /** What is told while an event is carried out waits until it is: its effects are the newer ones. */
  #learned(limits: PathLimits): void {
    this.emit('limits', limits);
    this.#tell({ type: 'limits', limits });
  }

  #tell(event: SessionEvent): void {
    if (this.#isTelling) {
      this.#toTell.push(event);
      return;
    }
    this.#isTelling = true;
    const { state } = this.#machine;
    try {
      this.#carryOut(event);
      for (let next = this.#toTell.shift(); next; next = this.#toTell.shift()) this.#carryOut(next);
    } finally {
      this.#isTelling = false;
    }
    if (event.type !== 'write') this.#announceChange(state !== this.#machine.state);
  }

  #carryOut(event: SessionEvent): void {
    for (const effect of this.#machine.handle(event, this.#now())) this.#do(effect);
  }

  #do(effect: SessionEffect): void {
    switch (effect.type) {
      case 'post':
        this.#post(effect);
        return;
      case 'abort':
        this.#observer.aborted(effect, this.#now());
        this.#exchanges.get(key(effect))?.abort();
        return;
      case 'warm':
        this.#http.warm?.(this.#machine.endpoint, effect.lane);
        return;
      case 'begin':
        this.#keep(() => this.#journal.begin(effect.record));
        return;
      case 'append':
        this.#keep(() => this.#journal.append(effect.request), {
          type: 'appended',
          rid: effect.request.rid,
        });
        return;
      case 'commit':
        this.#keep(() => this.#journal.answered(effect.rid, effect.payload, this.#now()), {
          type: 'committed',
          rid: effect.rid,
        });
        return;
      case 'keep':
        this.#keep(() => this.#journal.kept(effect.rid, effect.payload, this.#now()));
        return;
      case 'taken':
        this.#keep(() => this.#journal.taken(effect.rid));
        return;
      case 'created':
        this.emit('created', effect.root);
        return;
      case 'deliver':
        this.emit('payload', effect.payload, effect.rid);
        return;
      case 'unsendable':
        this.emit('unsendable', effect.messageIds, effect.problem);
        return;
      case 'flush-later':
        this.#flushLater();
        return;
      case 'wake-at':
        this.#wakeAt(effect.at);
        return;
      case 'ended':
        this.#ended(effect.problem);
        return;
    }
  }

  #post(effect: Extract<SessionEffect, { type: 'post' }>): void {
    const { rid, attempt, lane, body, timeoutMs, compress } = effect;
    const controller = new AbortController();
    this.#exchanges.set(key(effect), controller);
    const answer = this.#http.send({
      method: 'POST',
      url: this.#machine.endpoint,
      lane,
      body,
      compress,
      timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      signal: controller.signal,
      onSent: () => this.#tell({ type: 'sent', rid, attempt }),
    });
    // It is on its way: the rest is done meanwhile.
    this.#observer.posted(effect, Buffer.byteLength(body), this.#now());
    answer.then(
      (response) => this.#answered(rid, attempt, response),
      (error: unknown) => {
        this.#exchanges.delete(key(effect));
        const problem = problemOf(error);
        this.#tell({ type: 'failed', rid, attempt, problem });
        this.#observer.failed(effect, problem.code, this.#now());
      },
    );
  }

  #answered(rid: number, attempt: number, response: HttpResponse): void {
    this.#exchanges.delete(key({ rid, attempt }));
    const facts: ExchangeFacts = {
      bytesSent: response.bytesSent,
      bytesReceived: response.bytesReceived,
      httpVersion: response.httpVersion,
      ...(response.tls ? { tls: response.tls } : {}),
      ...(response.proxy ? { proxy: response.proxy } : {}),
    };
    const body = this.#decode(response);
    if ('code' in body) {
      const asked = retryAfterMs(response.headers, Date.now());
      this.#tell({
        type: 'failed',
        rid,
        attempt,
        problem: body,
        facts,
        ...(asked === undefined ? {} : { retryAfterMs: asked }),
      });
      this.#observer.failed({ rid, attempt }, body.code, this.#now());
    } else {
      this.#observer.answered({ rid, attempt }, this.#now());
      this.#tell({ type: 'answered', rid, attempt, body, facts });
    }
  }

  /** The manager's `<body/>`, or who else answered. */
  #decode(response: HttpResponse): DecodedBody | Problem {
    const legacyEnd = this.#legacyEnd(response);
    try {
      const body = decodeBody(response.body);
      const { sid, type } = body.attributes;
      const ours = this.#machine.sid;
      if (sid !== undefined && ours !== undefined && sid !== ours) return WRONG_SID;
      return type === 'terminate' ? body : (legacyEnd ?? body);
    } catch (error) {
      if (legacyEnd) return legacyEnd;
      return looksLikeBody(response.body) ? badBody(error) : describeStranger(response);
    }
  }

  /** A manager without `ver` ends a session by status alone (XEP-0124 §17.1). */
  #legacyEnd({ status }: HttpResponse): DecodedBody | undefined {
    const condition = LEGACY_CONDITIONS[status];
    const { sid, granted } = this.#machine;
    if (condition === undefined || sid === undefined || granted.ver !== undefined) return undefined;
    return decodeBody(encodeBody({ type: 'terminate', condition }, ''));
  }

  /** Tells the machine once the journal has this, and all before it. */
  #keep(keep: () => Kept, then?: SessionEvent): void {
    try {
      const kept = keep();
      if (kept === undefined && this.#keeping === undefined) {
        if (then) this.#tell(then);
        return;
      }
      const keeping = Promise.all([this.#keeping, kept]).then(
        () => {
          if (this.#keeping === keeping) this.#keeping = undefined;
          if (then) this.#tell(then);
        },
        (error: unknown) => this.#journalFailed(error),
      );
      this.#keeping = keeping;
    } catch (error) {
      this.#journalFailed(error);
    }
  }

  #journalFailed(error: unknown): void {
    const { detail, message } = problemOf(error);
    this.#tell({ type: 'abandon', problem: { ...NOT_KEPT, detail: detail ?? message } });
  }

  #flushLater(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.#tell({ type: 'flush' });
    });
  }

  /** A timer that is early does no harm: the machine asks for the next. So most of the time none is set anew. */
  #wakeAt(at: number | undefined): void {
    if (at !== undefined && at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at ?? Number.POSITIVE_INFINITY;
    if (at === undefined) return;
    const ms = Math.max(0, Math.ceil(at - this.#now()));
    this.#timer = setTimeout(() => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#tell({ type: 'wake' });
    }, ms);
  }

  #ended(problem: Problem): void {
    const signedOff = problem !== DETACHED && problem.code !== NOT_KEPT.code;
    if (signedOff) this.#journal.end().catch(() => {});
    this.emit('ended', problem);
  }

  /** Whoever listens takes whole readings: not in the middle of an exchange, where every wait is felt. */
  #announceChange(isState: boolean): void {
    if (!isState && this.#changing) return;
    clearTimeout(this.#changing);
    this.#changing = setTimeout(
      () => {
        this.#changing = undefined;
        this.emit('change');
      },
      isState ? 0 : CHANGE_MS,
    );
  }
}

/** How long changes are gathered before they are told, in ms. */
const CHANGE_MS = 50;

/** What the status of a legacy manager means. */
const LEGACY_CONDITIONS: Readonly<Record<number, string>> = {
  400: 'bad-request',
  403: 'policy-violation',
  404: 'item-not-found',
};

function key(of: { rid: number; attempt: number }): string {
  return `${of.rid}/${of.attempt}`;
}

function badBody(error: unknown): Problem {
  const fault = error instanceof BodyError ? error.fault : 'unexpected';
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'endpoint.bad-body',
    source: 'endpoint',
    message: 'The answer from the server was damaged.',
    advice:
      'Holdfast asks again. If it lasts, send the connection report to whoever runs the server.',
    retry: 'now',
    detail: `${fault}: ${message}`.slice(0, 300),
  };
}

const WRONG_SID: Problem = {
  code: 'endpoint.wrong-sid',
  source: 'endpoint',
  message: 'The server’s answer belongs to another session.',
  advice:
    'Holdfast asks again. If it lasts, send the connection report to whoever runs the server.',
  retry: 'now',
};

const NOT_KEPT: Problem = {
  code: 'app.journal-failed',
  source: 'app',
  message: 'Holdfast could not write to its data folder.',
  advice: 'Make room on the disk, then try again.',
  retry: 'later',
};

const DETACHED: Problem = {
  code: 'app.detached',
  source: 'app',
  message: 'Holdfast was closed.',
  advice: '',
  retry: 'never',
};
