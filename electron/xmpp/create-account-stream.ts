/** Makes an `AccountStream`: @xmpp/client over a BOSH session, with our negotiation and our order of things. */
import xml, { type Element } from '@xmpp/xml';
import type { Health, SessionState } from '../../shared/health.ts';
import { newId } from '../../shared/ids.ts';
import { bareJid, parseJid } from '../../shared/jid.ts';
import type { PathLimits } from '../../shared/path-limits.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import { BoshSession } from '../bosh/client/bosh-session.ts';
import type { Journal, JournalRequest } from '../bosh/client/journal.ts';
import { decodeBody, decodePayload, encodeBody } from '../bosh/protocol/body.ts';
import { NS_CLIENT, NS_STREAM } from '../bosh/protocol/namespaces.ts';
import { isLoopback } from '../network/loopback.ts';
import type { AccountStream, AccountStreamOptions, CreateAccountStream } from './account-stream.ts';
import { createBoshTransport } from './bosh-transport.ts';
import {
  Acknowledgements,
  isStanza,
  NS_MANAGEMENT,
  readHandled,
} from './extensions/stream-management.ts';
import { type Established, Negotiation } from './negotiation.ts';
import { pauseSession } from './pause-session.ts';
import type { SaslMechanism } from './sasl-mechanisms.ts';
import { signInProblem } from './sign-in-problem.ts';
import type { StreamStart } from './stream-journal.ts';
import { createXmppClient, type XmppClient } from './xmpp-client.ts';

const NS_STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';
const NS_PING = 'urn:xmpp:ping';
/** How long the manager may take to confirm the end, in ms. */
const FAREWELL_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

export const createAccountStream: CreateAccountStream = (options) => new BoshAccountStream(options);

class BoshAccountStream implements AccountStream {
  readonly bareJid: string;
  readonly domain: string;
  readonly ready: Promise<void>;
  readonly ended: Promise<Problem>;
  jid: string;
  progress: 'opening-session' | 'signing-in' = 'opening-session';

  readonly #options: AccountStreamOptions;
  readonly #session: BoshSession;
  readonly #negotiation: Negotiation;
  readonly #entity: XmppClient;
  readonly #feed: ReturnType<typeof createBoshTransport>['feed'];
  readonly #write: ReturnType<typeof createBoshTransport>['write'];
  readonly #startedAt = Date.now();
  readonly #progressListeners = new Set<(progress: 'opening-session' | 'signing-in') => void>();
  readonly #stanzaListeners = new Set<(stanza: Element) => void>();
  readonly #healthListeners = new Set<() => void>();
  #resolveReady: () => void = () => {};
  #rejectReady: (error: unknown) => void = () => {};
  #resolveEnded: (problem: Problem) => void = () => {};
  #isReady = false;
  #state: SessionState = 'connecting';
  /** Why we ended the session ourselves, where it was not to sign out. */
  #fault: Problem | undefined;
  #mechanism: SaslMechanism | undefined;
  #tracked: Promise<unknown>[] = [];
  /** What is left of the payload being delivered. */
  #rest: Element[] = [];
  /** What came in one answer with the binding: kept with the new session before it is delivered. */
  #besideBinding: readonly Element[] = [];
  /** What begins with the session, besides its record. */
  #established: Established | undefined;
  #acknowledgements: Acknowledgements | undefined;
  /** The stream is being closed in order. */
  #isClosing = false;
  /** How many stanzas are in payloads being processed, by rid. */
  readonly #stanzas = new Map<number, number>();

  constructor(options: AccountStreamOptions) {
    const { jid, endpoint, http, resume, lost, resource, polling, wait, limits } = options;
    const { local = '', domain } = parseJid(jid) ?? { domain: jid };
    this.#options = options;
    this.bareJid = bareJid(jid);
    this.domain = domain;
    this.jid = resume?.record.jid ?? lost?.jid ?? `${this.bareJid}/${resource}`;
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    this.ready.catch(() => {});
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    const { protocol, hostname } = new URL(endpoint);
    const secure = protocol === 'https:' || isLoopback(hostname);
    this.#session = new BoshSession({
      endpoint,
      to: domain,
      lang: 'en',
      http,
      journal: this.#sessionJournal(),
      ...(resume && { record: resume.record }),
      ...(polling && { polling }),
      ...(wait !== undefined && { wait }),
      ...(limits && { limits }),
      // Who asks, for SASL2 and tokens (XEP-0388 §2.1).
      ...(secure && { from: this.bareJid }),
    });
    const { Transport, feed, write } = createBoshTransport({
      session: this.#session,
      secure,
      resumed: resume !== undefined,
      onElement: (element) => this.#onElement(element),
      onStanza: (stanza) => {
        for (const listener of this.#stanzaListeners) listener(stanza);
      },
      lastPayload: () => this.#farewell(),
    });
    this.#feed = feed;
    this.#write = write;
    this.#negotiation = new Negotiation({
      secure,
      isPlainHttp: protocol === 'http:',
      verdicts: options.verdicts ?? {},
      ...(lost && { lost }),
      hasToken: options.token !== undefined,
      granted: () => this.#session.reading().granted,
      state: () => this.#session.state,
      mechanism: () => this.#mechanism,
      send: (element) => this.#session.write(element.toString(), []),
      onVerdict: (feature, verdict) => options.onVerdict?.(feature, verdict),
      onTokenRefused: () => options.onToken?.(undefined),
      onEstablished: (established) => this.#establish(established),
      fail: (error) => this.#fail(error),
    });
    this.#entity = createXmppClient({
      ...{ endpoint, domain, resource, secure, Transport, username: local },
      password: options.password,
      ...(options.agentId !== undefined && { agentId: options.agentId }),
      ...(options.token && { token: options.token }),
      ...(lost && { lost }),
      onMechanism: (mechanism) => {
        this.#mechanism = mechanism;
      },
      onSigningIn: () => this.#setProgress('signing-in'),
      onToken: (token) => options.onToken?.(token),
    });
    if (resume?.received !== undefined) this.#acknowledge(resume.received);
    this.#listen();
  }

  get features(): Element | undefined {
    return this.#negotiation.features;
  }

  start(): void {
    // Its own `start` also waits for `online`, in a promise nobody has where the stream does not open.
    this.#open().catch((error: unknown) => this.#fail(error));
  }

  async #open(): Promise<void> {
    const { endpoint } = this.#options;
    await this.#entity.connect(endpoint);
    await this.#entity.open({ domain: this.domain });
  }

  send(stanza: Element): void {
    this.#write(stanza);
    // Behind it in the same request.
    if (stanza.getChild('body')) this.#acknowledgements?.sent();
  }

  async request(iq: Element, timeoutMs = REQUEST_TIMEOUT_MS): Promise<Element> {
    // The library pairs answers by id alone: one that nobody can guess.
    iq.attrs.id ??= newId();
    const gone = this.ended.then(() => Promise.reject(new ProblemError(NO_ANSWER)));
    gone.catch(() => {});
    try {
      const { iqCaller } = this.#entity;
      return await Promise.race([iqCaller.request(iq, timeoutMs), gone]);
    } catch (error) {
      if ((error as Error).name !== 'TimeoutError') throw error;
      throw new ProblemError(NO_ANSWER, { cause: error });
    }
  }

  onStanza(listener: (stanza: Element) => void): () => void {
    this.#stanzaListeners.add(listener);
    return () => this.#stanzaListeners.delete(listener);
  }

  onRequest(
    type: 'get' | 'set',
    namespace: string,
    name: string,
    handler: (child: Element, iq: Element) => Element | undefined | Promise<Element | undefined>,
  ): () => void {
    let active = true;
    this.#entity.iqCallee[type](namespace, name, async (context, next) => {
      const { element, stanza } = context as unknown as { element: Element; stanza: Element };
      if (!active) return next();
      try {
        // The library answers an empty result where the handler returns something that is no element.
        return (await handler(element, stanza)) ?? true;
      } catch (error) {
        return stanzaErrorElement(error);
      }
    });
    return () => {
      active = false;
    };
  }

  track(work: Promise<unknown>): void {
    this.#tracked.push(work);
  }

  onProgress(listener: (progress: 'opening-session' | 'signing-in') => void): () => void {
    this.#progressListeners.add(listener);
    return () => this.#progressListeners.delete(listener);
  }

  health(): Health {
    const rung = { name: this.#rung(), reason: this.#options.reason, at: this.#startedAt };
    return { ...this.#session.reading(), rung };
  }

  /** What it came to, which may be less than what was hoped for. */
  #rung(): NonNullable<Health['rung']>['name'] {
    const { resume, lost, token } = this.#options;
    if (resume) return 're-attach';
    if (lost) return 'resume';
    const isByToken = this.#isReady ? this.#negotiation.usedToken : token !== undefined;
    return isByToken ? 'fast' : 'login';
  }

  onHealth(listener: () => void): () => void {
    this.#healthListeners.add(listener);
    return () => this.#healthListeners.delete(listener);
  }

  keepTo(limits: PathLimits): void {
    this.#session.keepTo(limits);
  }

  retryNow(): void {
    this.#session.retryNow();
  }

  async terminate(): Promise<void> {
    this.#isClosing = true;
    this.#session.terminate(this.#farewell());
    const late = setTimeout(() => this.#session.detach(), FAREWELL_MS);
    await this.ended;
    clearTimeout(late);
  }

  async pause(): Promise<void> {
    if (this.#isReady) await pauseSession(this.#session);
  }

  async detach(): Promise<void> {
    await this.pause();
    this.#session.detach();
    await this.ended;
  }

  #listen(): void {
    const session = this.#session;
    const entity = this.#entity;
    session.on('payload', (payload, rid) => this.#deliver(payload, rid));
    session.on('limits', (limits) => this.#options.onLimits?.(limits));
    session.on('unsendable', (ids, problem) => this.#options.onUnsendable?.(ids, problem));
    session.on('ended', (problem) => this.#end(this.#fault ?? problem));
    session.on('change', () => {
      const { state } = session;
      if (state !== this.#state) this.#stateChanged(state);
      for (const listener of this.#healthListeners) listener();
    });
    entity.on('error', (error: unknown) => this.#fail(error));
    const { resume } = this.#options;
    if (resume) {
      entity.on('open', () => {
        entity._jid(this.jid);
        entity._ready();
        for (const { rid, payload } of resume.unprocessed) this.#redeliver(rid, payload);
        // A process that dies owes an answer nobody will ask for again: a server ends the stream over it.
        this.#acknowledgements?.give();
        this.#probe();
      });
    } else {
      entity.on('online', (jid: { toString(): string }) => this.#negotiation.bound(jid.toString()));
    }
  }

  /** The stream stands: from here on the journal keeps its session, together with what this one answer brought. */
  #establish(established: Established): void {
    const { jid, stream, resumed } = established;
    this.jid = jid;
    this.#established = established;
    this.#besideBinding = this.#rest.splice(0);
    if (stream) this.#acknowledge(resumed ? (this.#options.lost?.received ?? 0) : 0);
    if (resumed) {
      this.#entity._jid(jid);
      this.#entity._ready();
    }
    this.#session.bound(jid);
  }

  #acknowledge(received: number): void {
    this.#acknowledgements = new Acknowledgements(received, (acknowledgement) =>
      this.#session.write(acknowledgement.toString(), []),
    );
  }

  /** The session's journal: what it does not know of, the stream and its counts, is added on the way. */
  #sessionJournal(): Journal {
    const { journal } = this.#options;
    return {
      begin: async (record) => {
        const rest = this.#besideBinding;
        // No request's, so that it stands in no request's way.
        const rid = -record.nextRid;
        const unanswered = record.unanswered.map(withoutSecrets);
        await journal.begin({ ...record, unanswered }, this.#streamStart(rid, rest));
        this.#takeUp();
        if (rest.length > 0) this.#deliver(rest, rid);
        this.#becomeReady();
      },
      append: (request) => journal.append(request),
      taken: (rid) => journal.taken(rid),
      kept: (rid, payload, at) => journal.kept(rid, payload, at),
      answered: (rid, payload, at) => journal.answered(rid, payload, at),
      processed: (rid) => {
        const stanzas = this.#stanzas.get(rid) ?? 0;
        this.#stanzas.delete(rid);
        return journal.processed(rid, stanzas);
      },
      end: () => journal.end(this.#isClosing),
    };
  }

  #streamStart(rid: number, rest: readonly Element[]): StreamStart {
    const { stream, resumed } = this.#established ?? {};
    return {
      ...(stream && {
        stream: {
          ...{ id: stream.id, maxMs: stream.maxMs },
          ...{ isResumed: resumed !== undefined, sent: resumed?.handled ?? 0 },
        },
      }),
      ...(rest.length > 0 && { payload: { rid, payload: rest.join('') } }),
      ...(resumed && { arrived: resumed.arrived, missing: resumed.missing }),
    };
  }

  /** What the lost session left: what came and was not processed, and what did not arrive. */
  #takeUp(): void {
    const { resumed } = this.#established ?? {};
    if (!resumed) return;
    for (const { rid, payload } of this.#options.lost?.unprocessed ?? []) {
      this.#redeliver(rid, payload);
    }
    for (const stanza of resumed.again) this.#session.write(stanza.toString(), []);
  }

  #farewell(): string {
    const unavailable = xml('presence', { type: 'unavailable', xmlns: NS_CLIENT });
    return `${this.#acknowledgements?.element() ?? ''}${unavailable}`;
  }

  /** Something the server must answer at once: a held request alone says nothing for as long as it is held. */
  #probe(): void {
    const ping = xml('iq', { type: 'get', to: this.domain }, xml('ping', { xmlns: NS_PING }));
    this.request(ping).catch(() => {});
  }

  #stateChanged(state: SessionState): void {
    this.#state = state;
    if (state === 'open' && this.#options.resume) this.#becomeReady();
  }

  #becomeReady(): void {
    this.#isReady = true;
    this.#resolveReady();
  }

  #deliver(payload: readonly Element[], rid: number | undefined): void {
    if (rid !== undefined) {
      const stanzas = payload.filter(isStanza).length;
      this.#stanzas.set(rid, stanzas);
      for (let count = 0; count < stanzas; count += 1) this.#acknowledgements?.count();
    }
    this.#process(payload, rid);
  }

  /** What was received before: it counted then. */
  #redeliver(rid: number, payload: string): void {
    try {
      const elements = decodePayload(payload);
      this.#stanzas.set(rid, elements.filter(isStanza).length);
      this.#process(elements, rid);
    } catch {
      this.#session.processed(rid);
    }
  }

  #process(payload: readonly Element[], rid: number | undefined): void {
    this.#tracked = [];
    this.#rest = [...payload];
    for (let next = this.#rest.shift(); next; next = this.#rest.shift()) {
      this.#feed([next], (fault) => this.#options.log?.(`a stanza was skipped: ${fault}`));
    }
    const work = this.#tracked;
    if (rid === undefined) return;
    Promise.all(work).then(
      () => this.#session.processed(rid),
      // What could not be recorded stays in the journal and comes again with the next start.
      () => {},
    );
  }

  /** Looks at an element before @xmpp/client does; false withholds it. */
  #onElement(element: Element): boolean {
    if (element.is('error', NS_STREAM)) return false;
    if (this.#acknowledgements && element.getNS() === NS_MANAGEMENT) {
      if (element.getName() === 'r') this.#acknowledgements.asked();
      if (element.getName() === 'a') this.#acknowledged(element);
      return false;
    }
    return this.#options.resume
      ? element.getNS() !== NS_MANAGEMENT
      : this.#negotiation.take(element);
  }

  #acknowledged(element: Element): void {
    const handled = readHandled(element);
    if (handled !== undefined) this.#options.journal.acknowledged(handled);
  }

  #setProgress(progress: 'opening-session' | 'signing-in'): void {
    this.progress = progress;
    for (const listener of this.#progressListeners) listener(progress);
  }

  /** While signing in any error ends the attempt; later ones are a single stanza's, and end nothing. */
  #fail(error: unknown): void {
    if (this.#isReady || this.#fault) return;
    this.#fault = signInProblem(error);
    this.#rejectReady(new ProblemError(this.#fault, { cause: error }));
    this.#session.terminate('');
    const late = setTimeout(() => this.#session.detach(), FAREWELL_MS);
    this.ended.then(() => clearTimeout(late));
  }

  #end(ended: Problem): void {
    const problem = this.#negotiation.close(ended);
    this.#acknowledgements?.close();
    this.#resolveEnded(problem);
    if (!this.#isReady) {
      this.#rejectReady(new ProblemError(problem));
      // Ends what @xmpp/client still waits for, which would otherwise run into its timeout.
      this.#entity.emit('error', new ProblemError(problem));
    }
    for (const listener of this.#healthListeners) listener();
  }
}

/**
 * A request of the negotiation as it may lie on the disk: it can hold the password, a token or an SM-ID. The
 * server has done what it asked for, so only its rid matters if it has to be repeated.
 */
function withoutSecrets(request: JournalRequest): JournalRequest {
  const { xmlns: _, ...attributes } = decodeBody(request.body).attributes;
  return { ...request, body: encodeBody(attributes, '') };
}

/** The `<error/>` a request is answered with when its handler throws (RFC 6120 §8.3). */
function stanzaErrorElement(error: unknown): Element {
  const { condition = 'internal-server-error', type = 'cancel' } = error as {
    condition?: string;
    type?: string;
  };
  return xml('error', { type }, xml(condition, { xmlns: NS_STANZAS }));
}

const NO_ANSWER: Problem = {
  code: 'server.no-answer',
  source: 'server',
  message: 'The server did not answer in time.',
  advice: 'It may be busy, or the network slow. Try again.',
  retry: 'later',
};
