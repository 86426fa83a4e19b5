/**
 * One account while the host runs: climbs the resume ladder, makes a stream for each attempt, and shows
 * where the connection stands. The commands start and stop it and reach the session through it.
 */

import type { Certificate, CertificateFailure } from '../../shared/certificate.ts';
import type { Account, Connection } from '../../shared/contract/records.ts';
import type { DoctorLearned } from '../../shared/doctor.ts';
import type { KnownLimits, PathLimits } from '../../shared/path-limits.ts';
import { isPlaygroundJid, type PlaygroundNetwork } from '../../shared/playground.ts';
import { type Problem, ProblemError, problemOf } from '../../shared/problem.ts';
import { defaultProxySetting, type ProxySetting } from '../../shared/proxy.ts';
import type { HttpExchange } from '../network/http-exchange.ts';
import type { CreateHttp } from '../network/network-settings.ts';
import type { ProxyKeys } from '../network/proxies/proxy-keys.ts';
import { tapExchange } from '../network/tapped-exchange.ts';
import type { Store, StoredAccount } from '../store/store.ts';
import type { AccountStream, CreateAccountStream } from '../xmpp/account-stream.ts';
import type { FastToken } from '../xmpp/xmpp-client.ts';
import type { AccountChange, AccountParts } from './account-parts.ts';
import { AccountSession } from './account-session.ts';
import type { Attention } from './attention.ts';
import { ChatFeed } from './chat-feed.ts';
import { ConnectionHistory } from './connection-history.ts';
import { ContactBook } from './contact-book.ts';
import type { Discover } from './discover.ts';
import type { EndpointBook } from './endpoint-book.ts';
import { EndpointMemory } from './endpoint-memory.ts';
import type { EndpointPace } from './endpoint-pace.ts';
import { sealToken } from './fast-token.ts';
import { createHealthFeed } from './health-feed.ts';
import type { Publish } from './host-state.ts';
import {
  climb,
  describeStep,
  type LadderEvent,
  type LadderStep,
  ladderStart,
  type Rung,
} from './ladder.ts';
import { limitsAfter } from './learned-limits.ts';
import { accountLog, type Log } from './log.ts';
import { Outbox } from './outbox.ts';
import type { PathMemory } from './path-memory.ts';
import { HEALED, PathWatch } from './path-watch.ts';
import { type Pause, pause } from './pause.ts';
import type { Secrets } from './secrets.ts';
import { createSessionJournal } from './session-journal.ts';
import { type Start, StreamStarts } from './stream-starts.ts';
import { XmlConsole } from './xml-console.ts';

export interface AccountRuntimeOptions {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly createHttp: CreateHttp;
  readonly proxyKeys: ProxyKeys;
  /** PEM of the authorities that the person added. */
  readonly authorities: () => readonly string[];
  readonly createStream: CreateAccountStream;
  readonly discover: Discover;
  /** Shared by all accounts. */
  readonly endpoints: EndpointBook;
  /** Both are shared by all accounts. */
  readonly paths: PathMemory;
  readonly pace: EndpointPace;
  /** Of the person, for all accounts. */
  readonly attention: Attention;
  readonly publish: Publish;
  /** The network the playground is behind now. */
  readonly playgroundNetwork: () => PlaygroundNetwork;
  readonly version: string;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  /** See `HostOptions`. */
  readonly lookAgainMs: number;
}

export class AccountRuntime {
  readonly parts: AccountParts;
  /** What goes over its wire, for who looks on. */
  readonly console: XmlConsole;
  /** What happened to the connection in the last day. */
  readonly history: ConnectionHistory;
  readonly #options: AccountRuntimeOptions;
  #stored: StoredAccount;
  #connection: Connection;
  #untrusted: CertificateFailure | undefined;
  /** The work under way; aborted with how to end it. */
  #running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  #turn: Promise<void> = Promise.resolve();
  #pause: Pause | undefined;
  /** Those that are open now. */
  readonly #exchanges = new Set<HttpExchange>();
  #stream: AccountStream | undefined;
  #session: AccountSession | undefined;
  #isReady = false;
  /** The BOSH URL that was tried last. */
  #endpoint: string | undefined;
  #path: PathWatch | undefined;
  readonly #memory: EndpointMemory;
  readonly #starts: StreamStarts;

  constructor(stored: StoredAccount, options: AccountRuntimeOptions) {
    const { store, publish, now } = options;
    const log = accountLog(options.log, stored);
    this.#options = options;
    this.#stored = stored;
    this.#connection = { phase: 'offline', since: now() };
    const { id, jid } = stored;
    const onFailure = (thrown: unknown) => log(`chats: ${problemOf(thrown).code}`);
    const feed = new ChatFeed({ accountId: id, chats: store.chats, publish, onFailure });
    this.parts = {
      id,
      jid,
      store,
      book: new ContactBook({ accountId: id, contacts: store.contacts, publish }),
      feed,
      outbox: new Outbox({ accountId: id, messages: store.messages, feed, now }),
      record: () => this.#stored,
      update: (change) => this.#update(change),
      log,
      now,
    };
    this.console = new XmlConsole(now);
    this.history = new ConnectionHistory({
      ...{ accountId: id, kept: store.connectionEvents, publish, log, now },
    });
    const { secrets, discover } = options;
    this.#memory = new EndpointMemory({ accountId: id, endpoints: store.endpoints, log, now });
    this.#starts = new StreamStarts({
      ...{ parts: this.parts, secrets, discover, memory: this.#memory, paths: options.paths },
      endpoints: options.endpoints,
      withHttp: (work) => this.#withHttp(work),
      onDiscovery: () => this.#show({ phase: 'finding-endpoint' }),
    });
  }

  /** Tells everything the store has of this account. */
  async load(): Promise<void> {
    this.tellAccount();
    this.history.begin(this.#stored.enabled);
    const { book, feed, store, id } = this.parts;
    const [chats] = await Promise.all([store.chats.list(id), book.load()]);
    for (const chat of chats) feed.tell(chat);
  }

  /** Begins to connect; nothing where it is already at it. */
  start(): void {
    if (this.#running) return;
    const stop = new AbortController();
    const done = this.#run(stop.signal)
      .catch((thrown: unknown) => {
        // A bug or a broken store: never a reason to leave the account without a word.
        this.parts.log(`stopped: ${problemOf(thrown).code} (${problemOf(thrown).detail})`);
        this.#show({ phase: 'failed', problem: problemOf(thrown) });
      })
      .finally(() => {
        this.#running = undefined;
      });
    this.#running = { stop, done };
  }

  /**
   * Stops whatever is under way. `terminate` ends the session; `detach` leaves it to the next process.
   * Resolves when nothing of this account runs any more.
   */
  async #stop(how: 'terminate' | 'detach'): Promise<void> {
    const running = this.#running;
    running?.stop.abort(how);
    await running?.done;
    if (how === 'terminate') {
      await this.parts.store.sessions.end(this.parts.id);
      await this.parts.store.resumptions.forget(this.parts.id);
      this.#show({ phase: 'offline' });
    }
    await this.parts.feed.settled();
  }

  /** Tries a broken connection again now. */
  retryNow(): void {
    this.#pause?.skip();
    this.#stream?.retryNow();
    if (!this.#running && this.#stored.enabled) this.start();
  }

  /** The computer is about to sleep: the session is to outlast it for as long as the manager grants. */
  async sleep(): Promise<void> {
    await this.#stream?.pause();
  }

  /** The computer is awake, or in another network: nothing that was waited for is worth waiting for any more. */
  wake(): void {
    void this.#path?.look();
    const isOver = !this.#running && this.#stored.enabled;
    if (this.#running) this.retryNow();
    else if (isOver && this.#connection.problem?.source === 'network') this.start();
  }

  /** Signs in, with a new password (sealed) or endpoint where the person gave one. */
  signIn(change: Pick<AccountChange, 'password' | 'endpoint' | 'proxy'>): Promise<void> {
    return this.#inTurn(async () => {
      const isChanged = Object.keys(change).length > 0;
      if (this.#running && !isChanged) return this.retryNow();
      // A token is for who signed in with the password before.
      await this.#restart({ ...change, ...(isChanged && { token: null }) });
    });
  }

  /** Makes the connections anew by another choice of proxy; the session goes on over them. */
  async setProxy(proxy: ProxySetting): Promise<void> {
    await this.#update({ proxy });
    this.parts.log(`proxy setting: ${proxy.mode}`);
    await this.reconnect();
  }

  /** Whether it is to use little data; what has to be agreed on with the server begins with its next session. */
  async setLowData(lowData: boolean): Promise<void> {
    await this.#update({ lowData: lowData || null });
    this.parts.log(`low data: ${lowData}`);
    // What our capabilities name is sent to us.
    this.session?.extensions.presence.announce();
  }

  /** Trusts a certificate shown by a host though something is wrong with it. */
  async except(host: string, certificate: Certificate): Promise<void> {
    const { exceptions = [] } = this.#stored;
    const exception = { host, certificate, addedAt: this.#options.now() };
    await this.#update({ exceptions: [...exceptions, exception] });
    this.parts.log(`exception for the certificate ${certificate.fingerprint} of ${host}`);
    await this.reconnect();
  }

  /** Trusts it no longer. */
  async revoke(fingerprint: string): Promise<void> {
    const left = this.#stored.exceptions?.filter(
      ({ certificate }) => certificate.fingerprint !== fingerprint,
    );
    await this.#update({ exceptions: left?.length ? left : null });
    this.parts.log(`no exception any more for the certificate ${fingerprint}`);
    await this.reconnect();
  }

  /** Makes the connections anew by the settings as they are now; a session that is open goes on over them. */
  async reconnect(): Promise<void> {
    const reopened = Promise.all([...this.#exchanges].map((http) => http.reopen?.()));
    // In the same turn: what is under way is repeated at once, and nothing seems to have broken.
    this.retryNow();
    await reopened;
  }

  /**
   * Keeps to what an examination of the way taught, beginning with a new session: its limits, and the address
   * that works where another one was typed.
   */
  keepTo(learned: DoctorLearned): Promise<void> {
    return this.#inTurn(async () => {
      const { endpoint } = learned;
      if (endpoint !== undefined) await this.#keepLimits(endpoint, learned);
      const isTyped = this.#stored.endpoint !== undefined;
      await this.#restart({ ...(isTyped && endpoint !== undefined && { endpoint }) });
    });
  }

  async #keepLimits(endpoint: string, learned: DoctorLearned): Promise<void> {
    const { paths } = this.#options;
    const { limits } = await paths.recall(endpoint);
    await this.#learn(endpoint, limitsAfter(limits, learned));
  }

  async #restart(change: AccountChange): Promise<void> {
    if (this.#running) await this.#stop('terminate');
    this.#starts.forgetDiscovered();
    await this.#update({ ...change, enabled: true });
    this.start();
  }

  /** What the network here is known to do to sessions with the endpoint. */
  async knownLimits(): Promise<KnownLimits> {
    const { paths } = this.#options;
    return this.#endpoint === undefined ? { limits: {} } : paths.recall(this.#endpoint);
  }

  /** Finds out anew what the network does; a session that polls because of it makes way for another. */
  async forgetLimits(): Promise<void> {
    if (this.#endpoint === undefined) return;
    await this.#options.paths.forget(this.#endpoint);
    this.parts.log('what the network does was forgotten');
    this.history.limits({});
    await this.#path?.look();
  }

  /** Ends the session and stays offline. */
  signOut(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#update({ enabled: false, token: null });
      await this.#stop('terminate');
    });
  }

  /** Lets go of everything: the host closes, or the account is removed after signing out. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#stop('detach');
      await this.history.close();
    });
  }

  /** The session stanzas can be sent through. @throws ProblemError `network.offline` */
  online(): AccountSession {
    if (!this.#session || !this.#isReady) throw new ProblemError(offlineProblem);
    return this.#session;
  }

  /** The same, or undefined. */
  get session(): AccountSession | undefined {
    return this.#isReady ? this.#session : undefined;
  }

  /** A reading of the connection, where there is one. */
  health() {
    return this.#stream?.health();
  }

  /** The BOSH URL that was typed, else the one in use. */
  get endpoint(): string | undefined {
    return this.#stored.endpoint ?? this.health()?.endpoint;
  }

  /** The last certificate that stood in the way, until the account is online. */
  get untrusted(): CertificateFailure | undefined {
    return this.#untrusted;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Signing in and out one after the other, in the order they were asked for. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { now, random, pace } = this.#options;
    let state = ladderStart;
    let event: LadderEvent = await this.#starts.firstEvent();
    /** Where the last attempt led. */
    let endpoint: string | undefined;
    while (!signal.aborted) {
      if (event.type === 'ended') endpoint = event.endpoint;
      if (event.type === 'ended' && endpoint !== undefined && isOfTheWay(event.problem)) {
        state = { ...state, failures: pace.failed(endpoint) - 1 };
      }
      const next = climb(state, event, await this.#starts.means(), random);
      state = next.state;
      const { step } = next;
      this.parts.log(describeStep(step));
      switch (step.do) {
        case 're-attach':
        case 'resume':
        case 'fast':
        case 'login':
          this.history.rung(step.do, step.reason);
          event = await this.#attempt(step, signal);
          break;
        case 'wait': {
          const { problem, ms } = step;
          this.#show({ phase: 'reconnecting', problem, retryAt: now() + ms });
          const current = pause(ms, signal);
          this.#pause = current;
          if (endpoint !== undefined) pace.pauseUntil(endpoint, now() + ms);
          const leave = endpoint === undefined ? () => {} : pace.wait(endpoint, current.skip);
          event = { type: 'waited', asked: (await current.over) === 'asked' };
          leave();
          this.#pause = undefined;
          break;
        }
        case 'give-up':
          this.#show({ phase: 'failed', problem: step.problem });
          return;
      }
    }
  }

  /** One rung, from its beginning to the end of its session. */
  async #attempt(
    step: Extract<LadderStep, { readonly do: Rung }>,
    signal: AbortSignal,
  ): Promise<LadderEvent> {
    const { id, store } = this.parts;
    let start: Start | undefined;
    let outcome: { problem: Problem; onlineMs: number };
    try {
      const begun = await this.#starts.prepare(step, signal);
      start = begun;
      this.#endpoint = begun.options.endpoint;
      this.tellAccount();
      outcome = await this.#withHttp((http) => {
        const tapped = tapExchange(http, this.console);
        return this.#live(begun, step.reason, tapped, signal);
      });
    } catch (thrown) {
      outcome = { problem: problemOf(thrown), onlineMs: 0 };
    }
    const { endpoint, polling = false } = start?.options ?? {};
    const { code } = outcome.problem;
    if (!signal.aborted) this.history.problem({ ...outcome.problem, at: this.#options.now() });
    if (outcome.onlineMs > 0 && !signal.aborted) this.#starts.lost(this.#options.now());
    if (signal.reason !== 'detach') await store.sessions.end(id);
    if (code === 'server.not-resumed') await store.resumptions.forget(id);
    if (code === 'network.one-connection' && endpoint !== undefined) {
      await this.#learn(endpoint, { ...start?.options.limits, oneConnection: true });
    }
    if (step.do !== 're-attach' && outcome.onlineMs === 0) this.#starts.forgetDiscovered();
    return {
      ...{ type: 'ended', rung: step.do, ...outcome, polling },
      ...(endpoint !== undefined && { endpoint }),
    };
  }

  /** Works with an exchange that goes by the settings as they are, is reopened when they change, and closed. */
  async #withHttp<T>(work: (http: HttpExchange) => Promise<T>): Promise<T> {
    const { id, jid } = this.parts;
    const { createHttp, proxyKeys, authorities } = this.#options;
    const http = createHttp(
      { id, jid },
      {
        proxySetting: () => this.#stored.proxy ?? defaultProxySetting,
        proxyKeys,
        trust: { authorities, exceptions: () => this.#stored.exceptions ?? [] },
      },
    );
    this.#exchanges.add(http);
    try {
      return await work(http);
    } finally {
      this.#exchanges.delete(http);
      await http
        .close()
        .catch((thrown: unknown) => this.parts.log(`closing HTTP: ${problemOf(thrown).code}`));
    }
  }

  /** A stream from its start to its end. */
  async #live(
    start: Start,
    reason: string,
    http: HttpExchange,
    signal: AbortSignal,
  ): Promise<{ problem: Problem; onlineMs: number }> {
    const { createStream, publish, pace, now } = this.#options;
    const { id, jid, log } = this.parts;
    const { endpoint } = start.options;
    const unconfirmed = await this.#unconfirmed(start);
    if (signal.aborted) throw new ProblemError(stoppedProblem);
    const journal = createSessionJournal({
      accountId: id,
      sessions: this.parts.store.sessions,
      secrets: this.#options.secrets,
      onMoved: (messages) => this.parts.feed.messages(messages),
      isResumable: start.options.resume?.received !== undefined,
      now,
    });
    const { limits = {}, polling = false } = start.options;
    const stream = createStream({
      ...{ jid, resource: this.#stored.resource, http, journal, reason, log, agentId: id },
      ...start.options,
      onVerdict: (feature, verdict) => this.#memory.learn(endpoint, feature, verdict),
      onLimits: (learned) => void path.learned(learned),
      onUnsendable: (ids, problem) => this.#unsendable(ids, problem),
      onToken: (token) => this.#keepToken(token),
    });
    const { paths } = this.#options;
    const path = new PathWatch({
      ...{ endpoint, paths, stream, limits, polling, log, now },
      learn: (learned) => this.#learn(endpoint, learned),
    });
    const session = new AccountSession({
      ...{ parts: this.parts, stream, attention: this.#options.attention },
      version: this.#options.version,
      begins: start.begins,
      unconfirmed,
      lookAgainMs: start.isJustLost ? this.#options.lookAgainMs : undefined,
      afterCatchUp: () => this.#starts.takeIn(start.leftovers),
      onSettled: () => this.#showStream(),
    });
    this.#stream = stream;
    this.#session = session;
    this.#path = path;
    const healthFeed = createHealthFeed(
      () => stream.health(),
      (health) => publish({ type: 'health', accountId: id, health }),
    );
    stream.onHealth(() => {
      const wasBroken = this.#connection.phase === 'reconnecting';
      healthFeed.changed();
      this.#showStream();
      if (wasBroken && this.#connection.phase !== 'reconnecting') pace.works(endpoint);
    });
    stream.onProgress(() => this.#showStream());
    this.#showStream();
    const leave = pace.wait(endpoint, () => {
      if (this.#connection.phase === 'reconnecting') stream.retryNow();
    });

    const stopped = new Promise<'stopped'>((resolve) => {
      signal.addEventListener('abort', () => resolve('stopped'), { once: true });
    });
    const ended = stream.ended;
    const deadline = pause(start.deadlineMs, signal);
    let readyAt: number | undefined;
    let problem: Problem;
    try {
      stream.start();
      const first = await Promise.race([
        stream.ready.then(
          () => 'ready' as const,
          () => ended,
        ),
        ended,
        stopped,
        deadline.over.then((how) => (how === 'elapsed' ? ('late' as const) : 'stopped')),
      ]);
      deadline.skip();
      if (first === 'ready') {
        readyAt = now();
        pace.works(endpoint);
        this.#isReady = true;
        this.#starts.worked(start.options.endpoint);
        log(`${start.rung}: stanzas go both ways`);
        healthFeed.changedNow();
        this.#showStream();
        void session.begin();
        void path.look();
        const last = await Promise.race([ended, stopped, path.healed]);
        if (last === 'healed') await stream.terminate();
        problem = last === 'stopped' ? stoppedProblem : last === 'healed' ? HEALED : last;
      } else if (first === 'late') {
        problem = lateProblem;
        await stream.terminate();
      } else {
        problem = first === 'stopped' ? stoppedProblem : first;
      }
      if (signal.aborted) await this.#letGo(stream, signal);
    } finally {
      deadline.skip();
      leave();
      path.close();
      this.#path = undefined;
      this.#isReady = false;
      this.#stream = undefined;
      this.#session = undefined;
      session.close();
      healthFeed.close();
      journal.revoke();
      publish({ type: 'health', accountId: id });
    }
    log(`${start.rung}: ended with ${problem.code}${problem.detail ? ` (${problem.detail})` : ''}`);
    return { problem, onlineMs: readyAt === undefined ? 0 : Math.max(1, now() - readyAt) };
  }

  /** Messages that were on their way in a session other than the one gone on with. */
  async #unconfirmed(start: Start): Promise<ReadonlySet<string>> {
    const { id, store } = this.parts;
    const { resume, lost } = start.options;
    const carried = new Set([
      ...(resume?.record.unanswered.flatMap((request) => request.messageIds) ?? []),
      ...(lost?.last.flatMap(({ messageId }) => messageId ?? []) ?? []),
    ]);
    const sending = await store.messages.inState(id, 'sending');
    return new Set(sending.map((message) => message.id).filter((each) => !carried.has(each)));
  }

  /** What the network does: the next session here will know, whosever it is. @returns until when, in epoch ms */
  async #learn(endpoint: string, limits: PathLimits): Promise<number | undefined> {
    const { log } = this.parts;
    log(`the network here: ${JSON.stringify(limits)}`);
    this.history.limits(limits);
    try {
      return await this.#options.paths.learn(endpoint, limits);
    } catch (thrown) {
      log(`what the network does was not kept: ${problemOf(thrown).code}`);
      return undefined;
    }
  }

  #unsendable(ids: readonly string[], problem: Problem): void {
    const { log, outbox } = this.parts;
    log(`${ids.length} messages are not sent: ${problem.code}`);
    outbox
      .failed(ids, problem)
      .catch((thrown: unknown) => log(`failed messages: ${problemOf(thrown).code}`));
  }

  /** A token for next time, or the one there is is no longer good. */
  #keepToken(token: FastToken | undefined): void {
    const kept = async () => {
      const sealed = token ? await sealToken(token, this.#options.secrets) : null;
      if (sealed !== (this.#stored.token ?? null)) await this.#update({ token: sealed });
    };
    kept().catch((thrown: unknown) => this.parts.log(`token: ${problemOf(thrown).code}`));
  }

  async #letGo(stream: AccountStream, signal: AbortSignal): Promise<void> {
    if (signal.reason === 'detach') await stream.detach();
    else await stream.terminate();
  }

  /** The connection as the stream shows it now. */
  #showStream(): void {
    const stream = this.#stream;
    if (!stream) return;
    const health = stream.health();
    const { lastProblem, retryAt } = health;
    if (lastProblem) this.history.problem(lastProblem);
    // A stored session that was not asked yet counts as broken too, but nothing has gone wrong with it.
    if (health.state === 'broken' && (lastProblem || retryAt !== undefined)) {
      this.#show({
        phase: 'reconnecting',
        ...(lastProblem && { problem: withoutTime(lastProblem) }),
        ...(retryAt !== undefined && { retryAt }),
      });
    } else if (!this.#isReady) this.#show({ phase: stream.progress });
    else this.#show({ phase: this.#session?.isCatchingUp ? 'catching-up' : 'online' });
  }

  #show(connection: Omit<Connection, 'since'>): void {
    const { phase, problem, retryAt } = connection;
    if (problem?.certificate || phase === 'online') this.#untrusted = problem?.certificate;
    const shown = this.#connection;
    const isSamePhase = shown.phase === phase;
    if (isSamePhase && shown.retryAt === retryAt && shown.problem?.code === problem?.code) return;
    if (!isSamePhase) {
      this.parts.log(`${phase}${problem ? ` because of ${problem.code}` : ''}`);
    }
    this.#connection = {
      ...connection,
      since: isSamePhase ? shown.since : this.#options.now(),
    };
    this.history.connection(this.#connection, {
      enabled: this.#stored.enabled,
      hasSession: this.#stream !== undefined,
    });
    this.tellAccount();
  }

  async #update(change: AccountChange): Promise<void> {
    const record = Object.fromEntries(
      Object.entries({ ...this.#stored, ...change }).filter(([, value]) => value !== null),
    );
    this.#stored = record as unknown as StoredAccount;
    if (SHOWN_FIELDS.some((field) => field in change)) this.tellAccount();
    await this.parts.store.accounts.update(this.parts.id, change);
  }

  /** Tells the page how the account is now. */
  tellAccount(): void {
    const { id, jid, endpoint, enabled, proxy, exceptions, lowData, name, avatar } = this.#stored;
    const { publish, playgroundNetwork } = this.#options;
    const { found } = this.#starts;
    const account: Account = {
      ...{ id, jid, enabled, connection: this.#connection },
      ...(endpoint === undefined ? found && { found } : { endpoint }),
      ...(proxy !== undefined && { proxy }),
      ...(exceptions !== undefined && { exceptions }),
      ...(lowData && { lowData }),
      ...(name !== undefined && { name }),
      ...(avatar !== undefined && { avatar }),
      ...(isPlaygroundJid(jid) && { playground: { network: playgroundNetwork() } }),
    };
    publish({ type: 'account', account });
  }
}

/** The parts of an account's record that the page sees. */
const SHOWN_FIELDS: readonly (keyof StoredAccount)[] = [
  'endpoint',
  'enabled',
  'proxy',
  'exceptions',
  'lowData',
  'name',
  'avatar',
];

function withoutTime({ at: _at, ...problem }: Problem & { at: number }): Problem {
  return problem;
}

/** Whether others on the same endpoint are bound to meet it too. */
function isOfTheWay({ source, code }: Problem): boolean {
  return source === 'network' || (source === 'endpoint' && code !== 'endpoint.see-other-uri');
}

const offlineProblem: Problem = {
  code: 'network.offline',
  source: 'network',
  message: 'This account is not online now.',
  advice: 'Try again once it is.',
  retry: 'later',
};

/** Never shown: whoever stopped it knows. */
const stoppedProblem: Problem = {
  code: 'app.stopped',
  source: 'app',
  message: 'The connection was stopped here.',
  advice: '',
  retry: 'never',
};

const lateProblem: Problem = {
  code: 'server.no-answer',
  source: 'server',
  message: 'The server took too long to sign this account in.',
  advice: 'Holdfast tries again.',
  retry: 'later',
};
