/** BOSH by hand against any connection manager: each request as it is wanted, right or wrong. Used by the cases. */
import { EventEmitter } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { encodeBody } from '../../electron/bosh/protocol/body.ts';
import { readXml } from '../../electron/bosh/protocol/xml-reader.ts';
import type { TestUser } from '../servers/xmpp-server.ts';

export type Attributes = Readonly<Record<string, string | number | undefined>>;

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** Empty where the answer is no XML. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly payload: string;
}

/** One request under way. */
export interface RawExchange {
  /** Rejects where the connection breaks. */
  readonly answer: Promise<RawAnswer>;
  /** Breaks its connection. */
  abort(): void;
}

const XMPP = { 'xmlns:xmpp': 'urn:xmpp:xbosh' };
const FIRST_RID = 1_000_000;
/** How many other answers a manager is left to give before what it holds counts as held. */
const PROBES = 6;

export class RawSession extends EventEmitter<{ answer: [RawAnswer] }> {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });
  sid = '';
  rid = FIRST_RID;

  constructor(url: string) {
    super();
    this.#url = url;
  }

  /** Asks for a session; the answer's sid is the session's from then on. */
  async create(attributes: Attributes = {}): Promise<RawAnswer> {
    const asked = { to: 'localhost', 'xml:lang': 'en', ver: '1.6', wait: 30, hold: 1 };
    const body = { rid: this.rid, ...asked, 'xmpp:version': '1.0', ...XMPP, ...attributes };
    const answer = await this.post(encodeBody(body, '')).answer;
    this.sid = answer.attributes.sid ?? '';
    return answer;
  }

  /** Signs in by SASL PLAIN and binds a resource, polling for what comes late. */
  async signIn({ jid, password }: TestUser, resource: string, attributes: Attributes = {}) {
    let answer = await this.create(attributes);
    await this.#until(answer, '</mechanisms>');
    const [user = ''] = jid.split('@');
    const plain = Buffer.from(`\0${user}\0${password}`).toString('base64');
    const sasl = `xmlns='urn:ietf:params:xml:ns:xmpp-sasl'`;
    answer = await this.next(`<auth ${sasl} mechanism='PLAIN'>${plain}</auth>`).answer;
    await this.#until(answer, '<success');
    answer = await this.next('', { to: 'localhost', 'xmpp:restart': 'true', ...XMPP }).answer;
    await this.#until(answer, '<bind');
    const bind = `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind>`;
    answer = await this.next(`<iq xmlns='jabber:client' type='set' id='bind'>${bind}</iq>`).answer;
    await this.#until(answer, '<jid>');
    return this;
  }

  async #until(answer: RawAnswer, expected: string): Promise<void> {
    let last = answer;
    while (!last.text.includes(expected)) {
      if (last.attributes.type !== undefined) throw new Error(`not ${expected}: ${last.text}`);
      last = await this.next().answer;
    }
  }

  /** The next request in order. */
  next(payload = '', attributes: Attributes = {}): RawExchange {
    this.rid += 1;
    return this.at(this.rid, payload, attributes);
  }

  /** A request with this rid, whatever its place. */
  at(rid: number, payload = '', attributes: Attributes = {}): RawExchange {
    return this.post(this.body(rid, payload, attributes));
  }

  body(rid: number, payload = '', attributes: Attributes = {}): string {
    return encodeBody({ rid, sid: this.sid, ...attributes }, payload);
  }

  post(body: string | Buffer, headers: Readonly<Record<string, string>> = {}): RawExchange {
    const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
    const sent = httpRequest(this.#url, {
      ...{ method: 'POST', agent: this.#agent },
      headers: {
        'content-type': 'text/xml; charset=utf-8',
        // A header undefined leaves the length to be told in chunks.
        ...('transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = answerOf(response, Buffer.concat(chunks));
        resolve(answer);
        this.emit('answer', answer);
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
    promise.catch(() => {});
    return { answer: promise, abort: () => sent.destroy() };
  }

  /** The answer, if it comes before the manager has given some others. */
  async soon(exchange: RawExchange): Promise<RawAnswer | undefined> {
    return Promise.race([exchange.answer, this.settle()]);
  }

  /** Resolves when an answer has this in it, to whichever request. */
  heard(words: string): Promise<void> {
    return new Promise((resolve) => {
      this.on('answer', ({ text }) => text.includes(words) && resolve());
    });
  }

  /** Resolves when the manager has had time to see what went before: it has given some other answers. */
  async settle(): Promise<undefined> {
    for (let count = 0; count < PROBES; count += 1) {
      await this.post(encodeBody({ rid: 1, sid: 'nobody' }, '')).answer;
    }
  }

  /** Whether a request of this session is still served: a ping is answered, on whichever request. */
  async isAlive(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    void this.heard('alive').then(() => resolve(true));
    const ask = async (exchange: RawExchange): Promise<void> => {
      const { status, attributes } = await exchange.answer;
      if (attributes.type === 'terminate' || status !== 200) resolve(false);
      else if (attributes.type === undefined) await ask(this.next(QUIET));
    };
    ask(this.next(ping('alive'))).catch(() => resolve(false));
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A stanza that no server answers. */
export const QUIET = `<iq xmlns='jabber:client' type='result' id='quiet' to='localhost'/>`;

/** An IQ that any server answers. */
export function ping(id: string): string {
  return `<iq xmlns='jabber:client' type='get' id='${id}'><ping xmlns='urn:xmpp:ping'/></iq>`;
}

function answerOf({ statusCode = 0, headers }: IncomingMessage, bytes: Buffer): RawAnswer {
  const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  const text = plain.toString();
  try {
    const { root, inner } = readXml(text);
    return { status: statusCode, headers, text, attributes: root.attrs, payload: inner };
  } catch {
    return { status: statusCode, headers, text, attributes: {}, payload: '' };
  }
}
