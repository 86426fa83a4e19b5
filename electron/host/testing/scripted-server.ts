/**
 * An XMPP server for unit tests of the host, without a wire: it archives, answers what a client asks after
 * signing in, and loses sessions when told to. Its streams keep the journal's promises as a real session does.
 */
import xml, { type Element } from '@xmpp/xml';
import type { Health } from '../../../shared/health.ts';
import { newId } from '../../../shared/ids.ts';
import { bareJid, parseJid } from '../../../shared/jid.ts';
import type { PathLimits } from '../../../shared/path-limits.ts';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import type { HttpExchange } from '../../network/http-exchange.ts';
import type {
  AccountStream,
  AccountStreamOptions,
  CreateAccountStream,
} from '../../xmpp/account-stream.ts';
import { stanzasOf } from '../../xmpp/kept-payload.ts';

const ARCHIVE = 'urn:xmpp:mam:2';
const RESULT_SET = 'http://jabber.org/protocol/rsm';

export const GONE: Problem = {
  code: 'endpoint.item-not-found',
  source: 'endpoint',
  message: 'The server no longer has this session.',
  advice: '',
  retry: 'now',
};
export const REFUSED: Problem = {
  code: 'network.refused',
  source: 'network',
  message: 'The server does not accept connections.',
  advice: '',
  retry: 'later',
};
export const WRONG_PASSWORD: Problem = {
  code: 'server.not-authorized',
  source: 'server',
  message: 'The server did not accept this address and password.',
  advice: 'Type the password again.',
  retry: 'never',
};
const DETACHED: Problem = { ...GONE, code: 'app.detached' };

/** A StanzaError as @xmpp/middleware throws it. */
class Refusal extends Error {
  readonly condition: string;
  constructor(condition: string) {
    super(condition);
    this.condition = condition;
  }
}

interface Archived {
  readonly id: string;
  readonly at: number;
  readonly message: Element;
}

/** One account's server. */
export class ScriptedServer {
  /** Whether the account has an archive. */
  archives = true;
  /** Every sign-in fails with this. */
  refuses: Problem | undefined;
  /** Archive queries wait until this settles. */
  archiveGate: Promise<void> = Promise.resolve();
  /** So many more archive queries are answered with an error. */
  brokenQueries = 0;
  /** Archive queries so far. */
  queries = 0;
  /** Messages of ours that came when the server was lost. */
  readonly lost: Element[] = [];
  /** Work that the server is late with: one piece is done after each archive query. */
  readonly late: (() => void)[] = [];
  /** How many more messages of ours the server takes before the session is lost in the middle of one. */
  takesOnly = Number.POSITIVE_INFINITY;
  readonly archive: Archived[] = [];
  /** Ids of our messages in the order others received them. */
  readonly received: string[] = [];
  readonly streams: ScriptedStream[] = [];
  readonly #kept: Element[] = [];
  #session: string | undefined;
  #archiveId = 0;

  readonly createStream: CreateAccountStream = (options) => {
    const stream = new ScriptedStream(this, options);
    this.streams.push(stream);
    return stream;
  };

  get stream(): ScriptedStream {
    const stream = this.streams.at(-1);
    if (!stream) throw new Error('no stream yet');
    return stream;
  }

  /** Somebody writes to us. `id` undefined: a message without one. */
  async deliver(from: string, body: string, id: string | undefined = newId()): Promise<void> {
    const message = xml(
      'message',
      { from: `${from}/device`, to: 'juliet@example.org', type: 'chat', ...(id && { id }) },
      xml('body', {}, body),
    );
    this.keep(message);
    await this.route(message);
  }

  /** Sends a stanza to us; a session whose client is away keeps it for the next one. */
  async route(stanza: Element): Promise<void> {
    if (this.#session === undefined) return;
    if (this.streams.at(-1)?.isAttached) await this.stream.receive(stanza);
    else this.keepForLater(stanza);
  }

  /** The oldest that came while the client was away. */
  takeKept(): Element | undefined {
    return this.#kept.shift();
  }

  /** Nobody was there to take it after all. */
  keepForLater(stanza: Element): void {
    if (this.#session !== undefined) this.#kept.push(stanza);
  }

  /** Puts a message into the archive, and its id there into the message. */
  keep(message: Element): void {
    if (!this.archives) return;
    const id = `a${String(++this.#archiveId).padStart(4, '0')}`;
    this.archive.push({ id, at: Date.now(), message: copy(message) });
    message.append(xml('stanza-id', { xmlns: 'urn:xmpp:sid:0', by: 'juliet@example.org', id }));
  }

  /**
   * The server loses the session, as when it is restarted or the client was silent for too long. `past`: came
   * in answers past a missing one.
   */
  loseSession(problem: Problem = GONE, past: readonly Element[] = []): void {
    this.close();
    this.streams.at(-1)?.end(problem, past);
  }

  open(): string {
    this.#kept.length = 0;
    this.#session = newId();
    return this.#session;
  }

  knows(sid: string): boolean {
    return this.#session === sid;
  }

  close(): void {
    this.#session = undefined;
    this.#kept.length = 0;
  }

  /** A message of ours; false where the server was lost before it had it. */
  take(message: Element): boolean {
    if (this.takesOnly <= 0) {
      this.lost.push(message);
      return false;
    }
    this.takesOnly--;
    this.keep(message);
    this.received.push(String(message.attrs.id));
    return true;
  }

  answer(stream: ScriptedStream, iq: Element): Promise<Element> | Element {
    const [child] = iq.getChildElements();
    const result = (...children: Element[]) => xml('iq', { type: 'result' }, ...children);
    switch (child?.getNS()) {
      case 'jabber:iq:roster':
        return result(xml('query', { xmlns: 'jabber:iq:roster' }));
      case ARCHIVE:
        return this.#query(stream, child);
      case 'urn:xmpp:carbons:2':
        return result();
      default:
        throw new Refusal('service-unavailable');
    }
  }

  async #query(stream: ScriptedStream, query: Element): Promise<Element> {
    await this.archiveGate;
    this.queries += 1;
    if (!this.archives) throw new Refusal('service-unavailable');
    if (this.brokenQueries-- > 0) throw new Refusal('internal-server-error');
    const set = query.getChild('set', RESULT_SET);
    const max = Number(set?.getChildText('max'));
    const after = set?.getChildText('after') ?? undefined;
    const before = set?.getChildText('before') ?? undefined;
    const backward = set?.getChild('before') !== undefined;
    const peer = field(query, 'with');
    let found = this.archive.filter(
      ({ message }) => !peer || [message.attrs.from, message.attrs.to].map(bareJid).includes(peer),
    );
    for (const cursor of [after, before]) {
      if (cursor && !found.some(({ id }) => id === cursor)) throw new Refusal('item-not-found');
    }
    if (after) found = found.filter(({ id }) => id > after);
    if (before) found = found.filter(({ id }) => id < before);
    const page = backward ? found.slice(-max) : found.slice(0, max);
    for (const { id, at, message } of page) {
      const delay = { xmlns: 'urn:xmpp:delay', stamp: new Date(at).toISOString() };
      stream.hear(
        xml(
          'message',
          { from: 'juliet@example.org', to: stream.jid },
          xml(
            'result',
            { xmlns: ARCHIVE, id, queryid: query.attrs.queryid },
            xml('forwarded', { xmlns: 'urn:xmpp:forward:0' }, xml('delay', delay), copy(message)),
          ),
        ),
      );
    }
    this.late.shift()?.();
    const [first, last] = [page[0], page.at(-1)];
    const ends = first && last ? [xml('first', {}, first.id), xml('last', {}, last.id)] : [];
    return xml(
      'iq',
      { type: 'result' },
      xml(
        'fin',
        { xmlns: ARCHIVE, ...(page.length === found.length && { complete: 'true' }) },
        xml('set', { xmlns: RESULT_SET }, ...ends),
      ),
    );
  }
}

class ScriptedStream implements AccountStream {
  readonly jid: string;
  readonly bareJid: string;
  readonly domain: string;
  readonly ready: Promise<void>;
  readonly ended: Promise<Problem>;
  readonly progress = 'opening-session';
  readonly options: AccountStreamOptions;
  /** What we sent besides messages with a text. */
  readonly sent: Element[] = [];
  retries = 0;
  pauses = 0;
  /** What it was told to keep to, besides what it began with. */
  readonly limits: PathLimits[] = [];
  /** Stanzas come through. */
  isAttached = false;
  readonly #server: ScriptedServer;
  readonly #listeners = new Set<(stanza: Element) => void>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<Problem>();
  #tracked: Promise<unknown>[] = [];
  #rid = Math.floor(Math.random() * 1e9);
  #work: Promise<unknown> = Promise.resolve();
  #isOver = false;

  constructor(server: ScriptedServer, options: AccountStreamOptions) {
    this.#server = server;
    this.options = options;
    this.bareJid = options.jid;
    this.domain = parseJid(options.jid)?.domain ?? '';
    this.jid = `${options.jid}/${options.resource}`;
    this.ready = this.#ready.promise;
    this.ended = this.#ended.promise;
    this.ready.catch(() => {});
  }

  start(): void {
    const { resume } = this.options;
    this.#work = resume ? this.#resume(resume) : this.#signIn();
  }

  async #signIn(): Promise<void> {
    if (this.#server.refuses) return this.end(this.#server.refuses);
    const sid = this.#server.open();
    await this.options.journal.begin({
      ...{ endpoint: this.options.endpoint, sid, jid: this.jid, nextRid: this.#rid },
      ...{ granted: { inactivity: 60, wait: 60 }, unanswered: [], lastAnswerAt: Date.now() },
    });
    await this.#attach();
  }

  async #resume({ record, unprocessed }: NonNullable<AccountStreamOptions['resume']>) {
    for (const { rid, payload } of unprocessed) this.#process(rid, payload).catch(() => {});
    if (!this.#server.knows(record.sid)) return this.end(GONE);
    this.#rid = record.nextRid;
    for (const { rid, body } of record.unanswered) {
      const areTaken = stanzasOf(body).every((message) => this.#server.take(message));
      if (!areTaken) return this.#server.loseSession();
      await this.options.journal.answered(rid, undefined, Date.now());
    }
    await this.#attach();
  }

  async #attach(): Promise<void> {
    while (!this.#isOver) {
      const stanza = this.#server.takeKept();
      if (!stanza) break;
      await this.#receiveNow(stanza);
    }
    this.isAttached = !this.#isOver;
    this.#ready.resolve();
  }

  /** A stanza comes in a payload of its own; resolves when it is written ahead. */
  receive(stanza: Element): Promise<void> {
    const received = this.#work.then(() =>
      this.#isOver ? this.#server.keepForLater(stanza) : this.#receiveNow(stanza),
    );
    this.#work = received;
    return received;
  }

  async #receiveNow(stanza: Element): Promise<void> {
    const rid = this.#rid++;
    const payload = stanza.toString();
    await this.options.journal.append({ rid, body: '', messageIds: [] });
    await this.options.journal.answered(rid, payload, Date.now());
    // Nobody waits for it: a client that closes may leave it for the next one.
    this.#process(rid, payload).catch(() => {});
  }

  async #process(rid: number, payload: string): Promise<void> {
    this.#tracked = [];
    for (const stanza of stanzasOf(payload)) this.hear(stanza);
    await Promise.all(this.#tracked);
    await this.options.journal.processed(rid);
  }

  hear(stanza: Element): void {
    for (const listener of [...this.#listeners]) listener(stanza);
  }

  send(stanza: Element): void {
    if (this.#isOver) return;
    if (stanza.getName() !== 'message' || !stanza.getChild('body')) {
      this.sent.push(stanza);
      return;
    }
    this.#work = this.#work.then(async () => {
      if (this.#isOver) return;
      const rid = this.#rid++;
      const body = stanza.toString();
      await this.options.journal.append({ rid, body, messageIds: [stanza.attrs.id] });
      if (this.#isOver) return;
      if (!this.#server.take(stanza)) return this.#server.loseSession();
      await this.options.journal.answered(rid, undefined, Date.now());
    });
  }

  async request(iq: Element): Promise<Element> {
    if (this.#isOver) throw new ProblemError({ ...REFUSED, code: 'server.no-answer' });
    return this.#server.answer(this, iq);
  }

  onStanza(listener: (stanza: Element) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onRequest(): () => void {
    return () => {};
  }

  track(work: Promise<unknown>): void {
    this.#tracked.push(work);
  }

  onProgress(): () => void {
    return () => {};
  }

  onHealth(): () => void {
    return () => {};
  }

  health(): Health {
    return {
      ...{ takenAt: Date.now(), state: 'open', endpoint: this.options.endpoint, granted: {} },
      ...{ window: [], held: 0, exchanges: [], retries: 0, bytesSent: 0, bytesReceived: 0 },
      ...{ orderingGuard: 0 },
      rung: {
        name: this.options.resume ? 're-attach' : 'login',
        reason: this.options.reason,
        at: 0,
      },
    };
  }

  keepTo(limits: PathLimits): void {
    this.limits.push(limits);
  }

  retryNow(): void {
    this.retries++;
  }

  async pause(): Promise<void> {
    this.pauses++;
  }

  async terminate(): Promise<void> {
    this.#server.close();
    this.end(DETACHED);
    await this.#work;
  }

  async detach(): Promise<void> {
    this.end(DETACHED);
    await this.#work;
  }

  #answerPastMissing(past: readonly Element[]): void {
    const { journal } = this.options;
    if (past.length > 0) journal.append({ rid: this.#rid++, body: '', messageIds: [] });
    for (const stanza of past) {
      const rid = this.#rid++;
      journal.append({ rid, body: '', messageIds: [] });
      journal.kept(rid, stanza.toString(), Date.now());
    }
  }

  end(problem: Problem, past: readonly Element[] = []): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.isAttached = false;
    this.#ready.reject(new ProblemError(problem));
    if (problem !== DETACHED) {
      this.#answerPastMissing(past);
      void this.options.journal.end();
    }
    this.#ended.resolve(problem);
  }
}

/** HTTP that leads nowhere: the scripted server has no wire. */
export const noHttp: HttpExchange = {
  send: () => Promise.reject(new ProblemError(REFUSED)),
  close: async () => {},
};

function field(query: Element, name: string): string | undefined {
  const fields = query.getChild('x')?.getChildren('field') ?? [];
  return fields.find((each) => each.attrs.var === name)?.getChildText('value') ?? undefined;
}

function copy(stanza: Element): Element {
  const [copied] = stanzasOf(stanza.toString());
  if (!copied) throw new Error('not a stanza');
  return copied;
}
