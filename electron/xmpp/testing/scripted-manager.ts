/**
 * A connection manager in memory, behind the port real HTTP goes through: XEP-0124 and XEP-0206 as a manager
 * keeps them, without a wire. What is behind it is the test's to say.
 */
import type { Element } from '@xmpp/xml';
import { newId } from '../../../shared/ids.ts';
import { type DecodedBody, decodeBody, encodeBody } from '../../bosh/protocol/body.ts';
import { NS_STREAM, NS_XBOSH } from '../../bosh/protocol/namespaces.ts';
import type { HttpExchange, HttpRequest, HttpResponse } from '../../network/http-exchange.ts';
import { networkProblem } from '../../network/network-problem.ts';

/** What happens in a session, as the server behind the manager sees it. */
export interface ManagerScript {
  /** The session was asked for; what is sent now comes with the session creation response. */
  opened(session: ManagerSession): void;
  /** The stream was restarted (XEP-0206 §5). */
  restarted?(session: ManagerSession): void;
  /** Something in a request's payload. */
  received(session: ManagerSession, element: Element): void;
  /** The client ended the session. */
  terminated?(session: ManagerSession): void;
}

/** What ejabberd grants; a manager that is not known to cope with anything out of the ordinary. */
const GRANTED: Readonly<Record<string, string>> = {
  ...{ ver: '1.11', wait: '60', hold: '1', requests: '2', inactivity: '30', polling: '2' },
  ...{ maxpause: '120', 'xmpp:version': '1.0', 'xmpp:restartlogic': 'true' },
};
const PREFIXES = { 'xmlns:xmpp': NS_XBOSH, 'xmlns:stream': NS_STREAM };

export class ScriptedManager implements HttpExchange {
  /** The text of every request, in the order they were posted. */
  readonly requests: string[] = [];
  /** What the next session is granted. */
  granted = GRANTED;
  /** Requests fail as if nobody listened. */
  unreachable = false;
  readonly #script: ManagerScript;
  readonly #sessions = new Map<string, ManagerSession>();

  constructor(script: ManagerScript) {
    this.#script = script;
  }

  send(request: HttpRequest): Promise<HttpResponse> {
    const { body: text = '', signal, onSent } = request;
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(networkProblem('network.aborted')));
      // As over a wire, nothing happens in the tick of the call.
      setImmediate(() => {
        if (signal?.aborted) return;
        if (this.unreachable) {
          reject(networkProblem('network.refused'));
          return;
        }
        this.requests.push(text);
        onSent?.();
        this.#receive(decodeBody(text), (body) => {
          const bytes = { bytesSent: text.length, bytesReceived: body.length };
          resolve({ status: 200, headers: {}, body, httpVersion: '1.1', ...bytes });
        });
      });
    });
  }

  async close(): Promise<void> {}

  #receive(body: DecodedBody, answer: (body: string) => void): void {
    const { sid } = body.attributes;
    if (sid === undefined) {
      const session = new ManagerSession(this.#script, body, this.granted);
      this.#sessions.set(session.sid, session);
      session.receive(body, answer);
      return;
    }
    const session = this.#sessions.get(sid);
    if (session && !session.isOver) session.receive(body, answer);
    else answer(encodeBody({ type: 'terminate', condition: 'item-not-found' }, ''));
  }
}

interface Pending {
  body: DecodedBody;
  answer: (body: string) => void;
}

/** One session at the manager. */
export class ManagerSession {
  readonly sid = newId();
  /** The attributes of the session creation request. */
  readonly asked: Readonly<Record<string, string>>;
  isOver = false;
  readonly #script: ManagerScript;
  readonly #granted: Readonly<Record<string, string>>;
  readonly #pending = new Map<number, Pending>();
  /** Answers to requests whose connection broke are given again. */
  readonly #answered = new Map<number, string>();
  readonly #held: number[] = [];
  readonly #outgoing: string[] = [];
  readonly #first: number;
  #expected: number;
  #scheduled = false;

  constructor(script: ManagerScript, body: DecodedBody, granted: Readonly<Record<string, string>>) {
    this.#script = script;
    this.#granted = granted;
    this.asked = body.attributes;
    this.#first = Number(body.attributes.rid);
    this.#expected = this.#first;
  }

  /** Sends to the client; all that is sent in one tick goes in one answer. */
  send(...elements: readonly { toString(): string }[]): void {
    this.#outgoing.push(...elements.map(String));
    this.#release();
  }

  /** Ends the session. `payload` goes with the farewell. */
  terminate(condition?: string, payload = ''): void {
    const text = this.#outgoing.splice(0).join('') + payload;
    this.isOver = true;
    for (const rid of this.#held.splice(0)) {
      this.#answer(rid, { type: 'terminate', condition, ...PREFIXES }, text);
    }
  }

  /** Forgets the session without a word, as after a restart: the client hears of it when it asks. */
  forget(): void {
    this.isOver = true;
    const gone = { type: 'terminate', condition: 'item-not-found' };
    for (const rid of this.#held.splice(0)) this.#answer(rid, gone, '');
  }

  receive(body: DecodedBody, answer: (body: string) => void): void {
    const rid = Number(body.attributes.rid);
    const known = this.#answered.get(rid);
    if (known !== undefined) {
      answer(known);
      return;
    }
    this.#pending.set(rid, { body, answer });
    for (let next = this.#pending.get(this.#expected); next; ) {
      this.#process(this.#expected++, next.body);
      next = this.#pending.get(this.#expected);
    }
    this.#release();
  }

  #process(rid: number, body: DecodedBody): void {
    this.#held.push(rid);
    if (rid === this.#first) this.#script.opened(this);
    if (body.attributes['xmpp:restart'] === 'true') this.#script.restarted?.(this);
    for (const element of body.payload) {
      // Lost in the middle of a request: the rest of it never arrived.
      if (this.isOver) return;
      this.#script.received(this, element);
    }
    if (body.attributes.type !== 'terminate') return;
    this.#script.terminated?.(this);
    this.terminate();
  }

  /** Answers what may be answered at the end of this tick. */
  #release(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.isOver) return;
      const isPolling = this.asked.wait === '0';
      while (this.#held.length > 0) {
        const [rid = 0] = this.#held;
        const isDue = isPolling || rid === this.#first || this.#outgoing.length > 0;
        if (!isDue && this.#held.length < 2) return;
        this.#held.shift();
        const created = rid === this.#first ? { sid: this.sid, ...this.#granted } : {};
        this.#answer(rid, { ...created, ...PREFIXES }, this.#outgoing.splice(0).join(''));
      }
    });
  }

  #answer(rid: number, attributes: Record<string, string | undefined>, payload: string): void {
    const body = encodeBody(attributes, payload);
    this.#answered.set(rid, body);
    this.#pending.get(rid)?.answer(body);
    this.#pending.delete(rid);
  }
}
