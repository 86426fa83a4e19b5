/** Makes an `AccountStream`: @xmpp/client over a BOSH session, with our mechanisms and our order of things. */
import { client } from '@xmpp/client';
import xml, { type Element } from '@xmpp/xml';
import type { SessionState } from '../../shared/health.ts';
import { newId } from '../../shared/ids.ts';
import { bareJid, parseJid } from '../../shared/jid.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import { BoshSession } from '../bosh/client/bosh-session.ts';
import { decodePayload } from '../bosh/protocol/body.ts';
import { NS_CLIENT, NS_STREAM } from '../bosh/protocol/namespaces.ts';
import { isLoopback } from '../network/loopback.ts';
import type { AccountStream, AccountStreamOptions, CreateAccountStream } from './account-stream.ts';
import { createBoshTransport } from './bosh-transport.ts';
import {
  chooseMechanism,
  createMechanism,
  MECHANISM_NAMES,
  type SaslMechanism,
} from './sasl-mechanisms.ts';
import { HTTPS_REQUIRED, NO_MECHANISM, signInProblem, UNPROVEN } from './sign-in-problem.ts';

const NS_SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const NS_BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const NS_STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';
const NS_PING = 'urn:xmpp:ping';
/** A step of the negotiation may take this long, in ms: two held requests on a slow path. */
const STEP_TIMEOUT_MS = 120_000;
/** How long the manager may take to confirm the end, in ms. */
const FAREWELL_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** Stream features @xmpp/client would act on by itself; over BOSH these are not its to decide. */
const WITHHELD_FEATURES = [
  ['starttls', 'urn:ietf:params:xml:ns:xmpp-tls'],
  ['sm', 'urn:xmpp:sm:3'],
  ['authentication', 'urn:xmpp:sasl:2'],
] as const;

export const createAccountStream: CreateAccountStream = (options) => new BoshAccountStream(options);

class BoshAccountStream implements AccountStream {
  readonly bareJid: string;
  readonly domain: string;
  readonly ready: Promise<void>;
  readonly ended: Promise<Problem>;
  jid: string;
  features: Element | undefined;
  progress: 'opening-session' | 'signing-in' = 'opening-session';

  readonly #options: AccountStreamOptions;
  readonly #session: BoshSession;
  readonly #entity: ReturnType<typeof client>;
  readonly #feed: ReturnType<typeof createBoshTransport>['feed'];
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

  constructor(options: AccountStreamOptions) {
    const { jid, endpoint, http, journal, resume, resource } = options;
    const { local = '', domain } = parseJid(jid) ?? { domain: jid };
    this.#options = options;
    this.bareJid = bareJid(jid);
    this.domain = domain;
    this.jid = resume?.record.jid ?? `${this.bareJid}/${resource}`;
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
      journal,
      ...(resume ? { record: resume.record } : {}),
    });
    const { Transport, feed } = createBoshTransport({
      session: this.#session,
      secure,
      resumed: resume !== undefined,
      onElement: (element) => this.#onElement(element),
      lastPayload: () => xml('presence', { type: 'unavailable', xmlns: NS_CLIENT }).toString(),
    });
    this.#feed = feed;
    this.#entity = client({
      service: endpoint,
      domain,
      resource,
      timeout: STEP_TIMEOUT_MS,
      credentials: async (
        authenticate: (credentials: object, mechanism: string) => Promise<void>,
        offered: string[],
      ) => {
        const name = chooseMechanism(offered, secure);
        if (!name) throw new ProblemError(secure ? NO_MECHANISM : HTTPS_REQUIRED);
        this.#setProgress('signing-in');
        await authenticate({ username: local, password: options.password }, name);
      },
    } as Parameters<typeof client>[0]);
    const internals = this.#entity as unknown as ClientInternals;
    internals.transports.length = 0;
    internals.transports.push(Transport);
    internals.reconnect.stop();
    internals.saslFactory._mechs.length = 0;
    for (const name of MECHANISM_NAMES) {
      const track = (mechanism: SaslMechanism) => {
        this.#mechanism = mechanism;
        return mechanism;
      };
      // The factory calls this with `new`; a constructor may return what it likes.
      const Mechanism = function Mechanism() {
        return track(createMechanism(name));
      };
      internals.saslFactory.use(name, Mechanism);
    }
    this.#listen(internals);
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
    this.#entity.send(stanza).catch(() => {});
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

  health() {
    const { resume, reason } = this.#options;
    const name = resume ? ('re-attach' as const) : ('login' as const);
    return { ...this.#session.reading(), rung: { name, reason, at: this.#startedAt } };
  }

  onHealth(listener: () => void): () => void {
    this.#healthListeners.add(listener);
    return () => this.#healthListeners.delete(listener);
  }

  retryNow(): void {
    this.#session.retryNow();
  }

  async terminate(): Promise<void> {
    this.#session.terminate(xml('presence', { type: 'unavailable', xmlns: NS_CLIENT }).toString());
    const late = setTimeout(() => this.#session.detach(), FAREWELL_MS);
    await this.ended;
    clearTimeout(late);
  }

  async detach(): Promise<void> {
    this.#session.detach();
    await this.ended;
  }

  #listen(internals: ClientInternals): void {
    const session = this.#session;
    session.on('payload', (payload, rid) => this.#deliver(payload, rid));
    session.on('ended', (problem) => this.#end(this.#fault ?? problem));
    session.on('change', () => {
      const { state } = session;
      if (state !== this.#state) this.#stateChanged(state);
      for (const listener of this.#healthListeners) listener();
    });
    this.#entity.on('error', (error: unknown) => this.#fail(error));
    this.#entity.on('stanza', (stanza: Element) => {
      for (const listener of this.#stanzaListeners) listener(stanza);
    });
    const { resume } = this.#options;
    if (resume) {
      this.#entity.on('open', () => {
        internals._jid(this.jid);
        internals._ready();
        for (const { rid, payload } of resume.unprocessed) this.#redeliver(rid, payload);
        this.#probe();
      });
    } else {
      this.#entity.on('online', (jid: { toString(): string }) => {
        this.jid = jid.toString();
        session.bound(this.jid);
        this.#becomeReady();
      });
    }
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
    this.#tracked = [];
    this.#feed(payload, (fault) => this.#options.log?.(`a stanza was skipped: ${fault}`));
    const work = this.#tracked;
    if (rid === undefined) return;
    Promise.all(work).then(
      () => this.#session.processed(rid),
      // What could not be recorded stays in the journal and comes again with the next start.
      () => {},
    );
  }

  #redeliver(rid: number, payload: string): void {
    try {
      this.#deliver(decodePayload(payload), rid);
    } catch {
      this.#session.processed(rid);
    }
  }

  /** Looks at an element before @xmpp/client does; false withholds it. */
  #onElement(element: Element): boolean {
    if (element.is('features', NS_STREAM)) return this.#onFeatures(element);
    if (element.is('success', NS_SASL) && !this.#isReady) {
      const proof = Buffer.from(element.text(), 'base64').toString('utf8');
      if (!this.#mechanism?.verify(proof)) {
        this.#fail(new ProblemError(UNPROVEN));
        return false;
      }
    }
    return !element.is('error', NS_STREAM);
  }

  #onFeatures(features: Element): boolean {
    const kept = features.children.filter(
      (child) =>
        typeof child === 'string' || !WITHHELD_FEATURES.some(([name, ns]) => child.is(name, ns)),
    );
    features.children.splice(0, features.children.length, ...kept);
    const canBind = features.getChild('bind', NS_BIND) !== undefined;
    if (canBind) this.features = features;
    if (canBind || features.getChild('mechanisms', NS_SASL)) return true;
    const plain = this.#options.endpoint.startsWith('http:');
    this.#fail(new ProblemError(plain ? HTTPS_REQUIRED : NO_MECHANISM));
    return false;
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

  #end(problem: Problem): void {
    this.#resolveEnded(problem);
    if (!this.#isReady) {
      this.#rejectReady(new ProblemError(problem));
      // Ends what @xmpp/client still waits for, which would otherwise run into its timeout.
      this.#entity.emit('error', new ProblemError(problem));
    }
    for (const listener of this.#healthListeners) listener();
  }
}

/** The `<error/>` a request is answered with when its handler throws (RFC 6120 §8.3). */
function stanzaErrorElement(error: unknown): Element {
  const { condition = 'internal-server-error', type = 'cancel' } = error as {
    condition?: string;
    type?: string;
  };
  return xml('error', { type }, xml(condition, { xmlns: NS_STANZAS }));
}

/** What @xmpp/client 0.14 has and its typings leave out; the integration tests pin it. */
interface ClientInternals {
  readonly transports: unknown[];
  readonly reconnect: { stop(): void };
  readonly saslFactory: { readonly _mechs: unknown[]; use(name: string, mechanism: unknown): void };
  _jid(jid: string): void;
  _ready(): void;
}

const NO_ANSWER: Problem = {
  code: 'server.no-answer',
  source: 'server',
  message: 'The server did not answer in time.',
  advice: 'Try again.',
  retry: 'later',
};
