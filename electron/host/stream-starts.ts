/**
 * What a stream needs to begin, rung by rung: out of the store, the secrets, discovery, and what is known of
 * the endpoint. `AccountRuntime` asks before each attempt.
 */
import { hasToPoll, type PathLimits } from '../../shared/path-limits.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import type { FoundEndpoint } from '../network/endpoints/endpoint.ts';
import type { WithHttp } from '../network/http-exchange.ts';
import type { Store } from '../store/store.ts';
import type { AccountStreamOptions } from '../xmpp/account-stream.ts';
import { decodeMessage } from '../xmpp/extensions/messages.ts';
import { stanzasOf } from '../xmpp/kept-payload.ts';
import type { AccountParts } from './account-parts.ts';
import type { AccountSessionOptions } from './account-session.ts';
import type { Discover } from './discover.ts';
import type { EndpointBook } from './endpoint-book.ts';
import type { EndpointMemory } from './endpoint-memory.ts';
import { unsealToken } from './fast-token.ts';
import type { LadderEvent, LadderStep, Means, Rung } from './ladder.ts';
import type { PathMemory } from './path-memory.ts';
import { ReceivedMessages } from './received-messages.ts';
import type { Secrets } from './secrets.ts';
import { loadLostStream, loadSession } from './session-journal.ts';

/** A sign-in that has not come to an end after this long is given up. */
const LOGIN_DEADLINE_MS = 180_000;
/** How long requests are held where little data is to be used, in s. */
const LOW_DATA_WAIT_S = 120;
/** A re-attach may take as long as the manager keeps the session, and this much more. */
const RE_ATTACH_SLACK_MS = 60_000;
/** What a manager that granted no inactivity is taken to keep a session for. */
const USUAL_INACTIVITY_S = 60;
/** A server has worked off what a session left when it was heard of no more for so long. */
const WORKED_OFF_MS = 60_000;

/** A step that begins a stream. */
type BeginningStep = Extract<LadderStep, { readonly do: Rung }>;
/** A payload received at a time and not yet taken in. */
type KeptPayload = Awaited<ReturnType<Store['sessions']['unprocessed']>>[number];

/** How a stream begins. */
export interface Start {
  readonly rung: Rung;
  /** See `AccountSessionOptions`. */
  readonly begins: AccountSessionOptions['begins'];
  /** It is given up where it is not ready after this long. */
  readonly deadlineMs: number;
  readonly options: Pick<
    AccountStreamOptions,
    | 'endpoint'
    | 'password'
    | 'resume'
    | 'lost'
    | 'token'
    | 'polling'
    | 'wait'
    | 'limits'
    | 'verdicts'
  >;
  /** What earlier sessions heard and nobody took in: it belongs after what the archive has yet to tell. */
  readonly leftovers: readonly KeptPayload[];
  /** The server may still be at work on what a session left: one lost a moment ago, or one just resumed. */
  readonly isJustLost: boolean;
}

type Prepared = Omit<Start, 'isJustLost'>;

export interface StreamStartsOptions {
  readonly parts: AccountParts;
  readonly secrets: Secrets;
  readonly memory: EndpointMemory;
  readonly paths: PathMemory;
  readonly discover: Discover;
  readonly endpoints: EndpointBook;
  /** Works with an exchange of the account's, to look for the endpoint. */
  readonly withHttp: WithHttp;
  /** The endpoint is being looked for. */
  readonly onDiscovery: () => void;
}

export class StreamStarts {
  readonly #options: StreamStartsOptions;
  /** Found by discovery and good for a sign-in: not looked for again while it is. */
  #discovered: FoundEndpoint | undefined;
  /** When the server was last heard of in a session, in epoch ms. */
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(options: StreamStartsOptions) {
    this.#options = options;
  }

  /** Look for the endpoint again. */
  forgetDiscovered(): void {
    this.#discovered = undefined;
  }

  /** What the ladder begins with. */
  async firstEvent(): Promise<LadderEvent> {
    const { store, id, now } = this.#options.parts;
    const session = await store.sessions.load(id);
    if (!session) return { type: 'start' };
    this.lost(session.lastAnswerAt);
    const { inactivity = USUAL_INACTIVITY_S } = JSON.parse(session.granted);
    return {
      type: 'start',
      session: {
        silentMs: now() - session.lastAnswerAt,
        inactivityMs: inactivity * 1000,
      },
    };
  }

  async means(): Promise<Means> {
    const { store, id, now, record } = this.#options.parts;
    const lost = await store.resumptions.load(id);
    if (lost) this.lost(lost.lastAnswerAt);
    return {
      ...(lost && { stream: { silentMs: now() - lost.lastAnswerAt, keptMs: lost.maxMs } }),
      token: record().token !== undefined,
    };
  }

  /** Rejects with a ProblemError where something it needs is not to be had. */
  async prepare(step: BeginningStep, signal: AbortSignal): Promise<Start> {
    const start = await this.#prepare(step, signal);
    const isJustLost = this.#options.parts.now() - this.#heardAt < WORKED_OFF_MS;
    return {
      ...start,
      isJustLost: start.begins === 'anew' ? isJustLost : start.begins === 'resumed',
    };
  }

  async #prepare(step: BeginningStep, signal: AbortSignal): Promise<Prepared> {
    if (step.do === 're-attach') return this.#reAttach();
    if (step.do === 'resume') return this.#resume();
    return this.#signIn(step.do, step.endpoint, signal);
  }

  /** A session is lost that the server was heard in at this time, in epoch ms. */
  lost(at: number): void {
    this.#heardAt = Math.max(this.#heardAt, at);
  }

  /** What was discovered, and not forgotten since. */
  get found(): FoundEndpoint | undefined {
    return this.#discovered;
  }

  /** Somebody has signed in at this endpoint. */
  worked(endpoint: string): void {
    const found = this.#discovered;
    if (found?.url === endpoint) this.#options.endpoints.worked(this.#domain, found);
  }

  async #reAttach(): Promise<Prepared> {
    const { parts, secrets } = this.#options;
    const resume = await loadSession(parts.id, parts.store, secrets);
    if (!resume) throw new ProblemError(noSessionProblem);
    const { endpoint, granted } = resume.record;
    const { wait = 0, inactivity = USUAL_INACTIVITY_S } = granted;
    const { polling, limits } = await this.#path(endpoint);
    return {
      rung: 're-attach',
      // A process may have died between its login and the end of its catch-up.
      begins: parts.record().catchUpUnfinished ? 'anew' : 'as-left',
      deadlineMs: (wait + inactivity) * 1000 + RE_ATTACH_SLACK_MS,
      options: {
        endpoint,
        // The session is signed in already.
        password: '',
        resume,
        polling: polling || granted.wait === 0,
        limits,
      },
      leftovers: [],
    };
  }

  async #resume(): Promise<Prepared> {
    const { parts, secrets } = this.#options;
    const kept = await loadLostStream(parts.id, parts.store, secrets);
    if (!kept) throw new ProblemError(noSessionProblem);
    const { endpoint, lost } = kept;
    const options = {
      ...{ endpoint, lost, password: await this.#password(), ...(await this.#known(endpoint)) },
      ...(await this.#token()),
    };
    return {
      rung: 'resume',
      begins: parts.record().catchUpUnfinished ? 'anew' : 'resumed',
      ...{ deadlineMs: LOGIN_DEADLINE_MS, options, leftovers: [] },
    };
  }

  async #signIn(
    rung: 'fast' | 'login',
    elsewhere: string | undefined,
    signal: AbortSignal,
  ): Promise<Prepared> {
    const { parts } = this.#options;
    // What earlier sessions left may have come after something that is only in the archive.
    const leftovers = await parts.store.sessions.unprocessed(parts.id);
    const endpoint = elsewhere ?? (await this.#endpoint(signal));
    const options = {
      ...{ endpoint, password: await this.#password(), ...(await this.#known(endpoint)) },
      ...(rung === 'fast' && (await this.#token())),
    };
    // Before anything is sent: a process that dies from here on is followed by one that catches up.
    await parts.update({ catchUpUnfinished: true });
    return { rung, begins: 'anew', deadlineMs: LOGIN_DEADLINE_MS, options, leftovers };
  }

  /** Messages a lost session delivered and nobody stored. */
  async takeIn(payloads: readonly KeptPayload[]): Promise<void> {
    const { id, jid, store, feed, outbox, log, record } = this.#options.parts;
    if (payloads.length === 0) return;
    log(`${payloads.length} payloads of the last session are taken in`);
    const onStored = () => {};
    const context = { account: jid, trustsStanzaIds: record().archiveCursor !== undefined };
    for (const { rid, payload, at } of payloads) {
      const received = new ReceivedMessages({
        ...{ accountId: id, messages: store.messages, feed, outbox, onStored, now: () => at },
      });
      for (const stanza of stanzasOf(payload)) {
        const decoded = decodeMessage(stanza, context);
        if (decoded?.kind === 'message') await received.accept(decoded);
        if (decoded?.kind === 'error') await received.bounced(decoded);
      }
      await store.sessions.processed(id, rid);
    }
  }

  /** What a new session goes by: what was learned of the endpoint and of the way to it, and the account's wishes. */
  async #known(
    endpoint: string,
  ): Promise<Pick<AccountStreamOptions, 'polling' | 'wait' | 'limits' | 'verdicts'>> {
    const { memory, parts } = this.#options;
    const verdicts = await memory.recall(endpoint);
    const { lowData } = parts.record();
    return { ...(await this.#path(endpoint)), verdicts, ...(lowData && { wait: LOW_DATA_WAIT_S }) };
  }

  async #path(endpoint: string): Promise<{ polling: boolean; limits: PathLimits }> {
    const { limits } = await this.#options.paths.recall(endpoint);
    return { polling: hasToPoll(limits), limits };
  }

  async #endpoint(signal: AbortSignal): Promise<string> {
    const { parts, discover, endpoints, withHttp, onDiscovery } = this.#options;
    const known = parts.record().endpoint ?? this.#discovered?.url;
    if (known !== undefined) return known;
    onDiscovery();
    const domain = this.#domain;
    const last = await endpoints.last(domain);
    const found = await discover({ domain, last, withHttp, signal });
    parts.log(`found ${found.url}: ${found.source}`);
    this.#discovered = found;
    return found.url;
  }

  get #domain(): string {
    const { jid } = this.#options.parts;
    return jid.slice(jid.indexOf('@') + 1);
  }

  #password(): Promise<string> {
    const { parts, secrets } = this.#options;
    return secrets.unseal(parts.record().password);
  }

  async #token(): Promise<Pick<AccountStreamOptions, 'token'>> {
    const { parts, secrets } = this.#options;
    const sealed = parts.record().token;
    if (sealed === undefined) return {};
    const token = await unsealToken(sealed, secrets, parts.now());
    if (token) return { token };
    await parts.update({ token: null });
    return {};
  }
}

const noSessionProblem: Problem = {
  code: 'endpoint.no-stored-session',
  source: 'endpoint',
  message: 'There is no session to go on with.',
  advice: 'Holdfast signs in again by itself.',
  retry: 'now',
};
