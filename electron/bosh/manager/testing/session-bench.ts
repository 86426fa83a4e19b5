/** A session of the manager by hand: one request, payload or second at a time. For its tests. */
import { encodeBody, XBOSH_PREFIX } from '../../protocol/body.ts';
import { readXml } from '../../protocol/xml-reader.ts';
import { readRequest } from '../bosh-request.ts';
import { DEFAULT_TERMS, negotiate, type SessionTerms } from '../grant.ts';
import { ManagerSession } from '../session.ts';
import type { SessionAction, SessionEvent } from '../session-events.ts';
import type { ReturnUnread } from '../unread-stanzas.ts';

export const FIRST_RID = 1_000;
const LIMITS = { length: 100_000, depth: 20, elements: 1_000, attributes: 50 };

/** An answer as the client gets it; `exchange` is the number of the request it answers, copies counted. */
export interface Given {
  readonly exchange: number;
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly payload: string;
}

export interface BenchOptions {
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly terms?: Partial<SessionTerms>;
  readonly bufferedLength?: number;
  readonly requestsPerSecond?: number;
  readonly returnUnread?: ReturnUnread;
}

export class SessionBench {
  readonly session: ManagerSession<number>;
  now = 1_000_000;
  wakeAt = 0;
  /** All actions but answers and wake times, since the last look. */
  actions: SessionAction<number>[] = [];
  /** All answers since the last look. */
  readonly #given: Given[] = [];
  #exchanges = 0;
  #names = 0;

  /** Asks for a session; the creation request is exchange 1. */
  constructor({
    attributes = {},
    terms = {},
    bufferedLength = 1_000,
    requestsPerSecond = 100,
    returnUnread = 'requests',
  }: BenchOptions = {}) {
    const asked = { to: 'example.org', ver: '1.6', wait: 60, hold: 1, 'xml:lang': 'en' };
    const text = encodeBody(
      { rid: FIRST_RID, ...asked, 'xmpp:version': '1.0', ...attributes, ...XBOSH_PREFIX },
      '',
    );
    const request = readRequest(text, LIMITS);
    const settings = {
      sid: 'secret',
      grant: negotiate(request, { ...DEFAULT_TERMS, hold: 2, ...terms }),
      address: '192.0.2.1',
      secure: true,
      newStreamName: () => `stream${this.#names++}`,
      ...{ bufferedLength, requestsPerSecond, returnUnread },
    };
    this.session = new ManagerSession(settings, request, this.now);
    this.#exchanges += 1;
    this.tell({ type: 'request', request, exchange: this.#exchanges });
  }

  tell(event: SessionEvent<number>): void {
    for (const action of this.session.handle(event, this.now)) this.#carryOut(action);
  }

  #carryOut(action: SessionAction<number>): void {
    if (action.type === 'wake-at') {
      this.wakeAt = action.at;
    } else if (action.type === 'answer') {
      const { root, inner: payload } = readXml(action.answer.text);
      const attributes = root.attrs as Given['attributes'];
      this.#given.push({ exchange: action.exchange, ...action.answer, attributes, payload });
    } else {
      this.actions.push(action);
      if (action.type === 'flush-later') this.tell({ type: 'flush' });
    }
  }

  /** Sends a request, `rid` counted from the creation request's. @returns its exchange. */
  post(
    rid: number,
    payload = '',
    attributes: Readonly<Record<string, string | number | undefined>> = {},
  ): number {
    const text = encodeBody({ rid: FIRST_RID + rid, sid: 'secret', ...attributes }, payload);
    return this.postText(text);
  }

  postText(text: string): number {
    this.#exchanges += 1;
    const exchange = this.#exchanges;
    this.tell({ type: 'request', request: readRequest(text, LIMITS), exchange });
    return exchange;
  }

  drop(exchange: number): void {
    this.tell({ type: 'dropped', exchange });
  }

  /** The server says this, in one go. */
  serve(...payloads: string[]): void {
    this.serveOn(0, ...payloads);
  }

  /** The server of one of several streams says this. */
  serveOn(stream: number, ...payloads: string[]): void {
    for (const xml of payloads) {
      for (const action of this.session.handle({ type: 'element', stream, xml }, this.now)) {
        if (action.type !== 'flush-later') this.#carryOut(action);
      }
    }
    this.tell({ type: 'flush' });
  }

  /** Lets so many seconds pass, and whatever comes due in them. */
  pass(seconds: number): void {
    const until = this.now + seconds * 1000;
    while (this.wakeAt <= until && !this.isOver) {
      this.now = Math.max(this.now, this.wakeAt);
      const before = this.wakeAt;
      this.tell({ type: 'wake' });
      if (this.wakeAt <= before) break;
    }
    this.now = until;
  }

  /** What was answered since the last look. */
  look(): Given[] {
    return this.#given.splice(0);
  }

  /** The one answer since the last look. */
  get answer(): Given {
    const given = this.look();
    const [answer] = given;
    if (!answer || given.length > 1) throw new Error(`${given.length} answers`);
    return answer;
  }

  /** What went to the servers since the start. */
  get written(): string[] {
    return this.actions.flatMap((action) => (action.type === 'write' ? [action.xml] : []));
  }

  get ended(): string | undefined {
    const action = this.actions.find(({ type }) => type === 'ended');
    return action?.type === 'ended' ? action.reason : undefined;
  }

  get isOver(): boolean {
    return this.ended !== undefined;
  }

  /** Opens the stream and answers the creation request with its features. */
  open(): this {
    const header = { id: 'stream-id', from: 'example.org', version: '1.0' };
    this.tell({ type: 'opened', stream: 0, header });
    // Who polls has had its answer.
    if (this.look().length === 0) this.serve('<f/>');
    this.look();
    this.now += 5_000;
    return this;
  }
}

/** A session whose stream is open, nothing held; its next rid is 1. */
export function openSession(options?: BenchOptions): SessionBench {
  return new SessionBench(options).open();
}
