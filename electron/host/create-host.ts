/**
 * The application without a window: opens the store, runs every account, carries out commands and tells
 * what happens. Both shells make one and give it a window; it imports no Electron.
 */
import type { HostPort } from '../../shared/contract/bridge.ts';
import type { CommandResult } from '../../shared/contract/commands.ts';
import { isPlaygroundJid } from '../../shared/playground.ts';
import { type Problem, ProblemError, problemOf } from '../../shared/problem.ts';
import { defaultProxySetting } from '../../shared/proxy.ts';
import { PeerTrust } from '../network/certificates/peer-trust.ts';
import { RootStore } from '../network/certificates/root-store.ts';
import { networkPath } from '../network/doctor/network-path.ts';
import { networkIdentity } from '../network/network-identity.ts';
import type { CreateHttp, FindRoutes, NetworkSettings } from '../network/network-settings.ts';
import { openStore } from '../store/open-store.ts';
import type { StoredAccount } from '../store/store.ts';
import type { CreateAccountStream } from '../xmpp/account-stream.ts';
import { createAccountStream } from '../xmpp/create-account-stream.ts';
import { AccountRuntime, type AccountRuntimeOptions } from './account-runtime.ts';
import { Attention } from './attention.ts';
import { AuthorityBook } from './authority-book.ts';
import { accountCommands } from './commands/account-commands.ts';
import { attentionCommands } from './commands/attention-commands.ts';
import { chatCommands } from './commands/chat-commands.ts';
import type { CommandContext } from './commands/command-context.ts';
import { contactCommands } from './commands/contact-commands.ts';
import { doctorCommands } from './commands/doctor-commands.ts';
import { healthCommands } from './commands/health-commands.ts';
import { http2Commands } from './commands/http2-commands.ts';
import { messageCommands } from './commands/message-commands.ts';
import { playgroundCommands } from './commands/playground-commands.ts';
import { proxyCommands } from './commands/proxy-commands.ts';
import { trustCommands } from './commands/trust-commands.ts';
import { type Discover, discover } from './discover.ts';
import { createDispatch } from './dispatch.ts';
import { Doctor } from './doctor.ts';
import { EndpointBook } from './endpoint-book.ts';
import { EndpointPace } from './endpoint-pace.ts';
import { HostState } from './host-state.ts';
import type { Http2Switch } from './http2-switch.ts';
import type { Log } from './log.ts';
import { PathMemory } from './path-memory.ts';
import { PlaygroundDoor } from './playground-door.ts';
import { ProxyKeyRing } from './proxy-key-ring.ts';
import type { Secrets } from './secrets.ts';
import { watchWeather } from './weather-watch.ts';

export interface HostOptions {
  /** For this host alone; made where it is missing. */
  readonly dataFolder: string;
  readonly secrets: Secrets;
  /** A fresh exchange for each attempt to connect; the host closes it. */
  readonly createHttp: CreateHttp;
  /** Which way such an exchange takes; straight where absent. */
  readonly findRoutes?: FindRoutes;
  /** Where its HTTP speaks HTTP/2. */
  readonly http2?: Http2Switch;
  /** The version of Holdfast. */
  readonly version: string;
  /** One line at a time, free of secrets and of what people say. */
  readonly log: Log;
  /** For tests; the real ones where absent. */
  readonly createStream?: CreateAccountStream;
  readonly discover?: Discover;
  readonly network?: () => string;
  readonly now?: () => number;
  readonly random?: () => number;
  /** After this long a server is asked again for what it archives late of a session it lost, in ms. */
  readonly lookAgainMs?: number;
  /** Who has not looked for this long is away, in ms. */
  readonly awayAfterMs?: number;
}

const LOOK_AGAIN_MS = 1_000;

/**
 * Opens the data folder and connects every account that is signed in.
 * @throws ProblemError where the store cannot be opened (see `openStore`).
 */
export async function createHost(options: HostOptions): Promise<HostPort> {
  const { log, secrets, version, now = Date.now, random = Math.random } = options;
  const { network = networkIdentity } = options;
  const store = await openStore(options.dataFolder);
  const state = new HostState(log);
  const runtimes = new Map<string, AccountRuntime>();
  const playground = new PlaygroundDoor({ store, secrets, now, random });
  const playgroundRuntime = () =>
    [...runtimes.values()].find(({ parts }) => isPlaygroundJid(parts.jid));
  const proxyKeys = new ProxyKeyRing({
    kept: store.proxyKeys,
    secrets,
    onQuestion: (question) =>
      state.publish({ type: 'proxy-question', ...(question && { question }) }),
    onKept: (proxies) => state.publish({ type: 'kept-proxies', proxies }),
    onAnswer: () => {
      for (const runtime of runtimes.values()) {
        if (runtime.connection.phase === 'reconnecting') runtime.retryNow();
      }
    },
    log,
  });
  await proxyKeys.load();
  const authorities = new AuthorityBook({
    kept: store.authorities,
    onChange: (all) => {
      state.publish({ type: 'authorities', authorities: all });
      for (const runtime of runtimes.values()) {
        runtime
          .reconnect()
          .catch((thrown: unknown) => log(`reconnecting: ${problemOf(thrown).code}`));
      }
    },
    now,
  });
  await authorities.load();
  const attention = new Attention(options.awayAfterMs);
  const runtimeOptions: AccountRuntimeOptions = {
    store,
    secrets,
    proxyKeys,
    authorities: () => authorities.pems,
    createHttp: options.createHttp,
    createStream: options.createStream ?? createAccountStream,
    discover: options.discover ?? discover,
    endpoints: new EndpointBook({ kept: store.foundEndpoints, network, log, now }),
    paths: new PathMemory({ paths: store.paths, network, now }),
    pace: new EndpointPace(now),
    attention,
    publish: state.publish,
    playgroundNetwork: () => playground.network,
    ...{ version, log, now, random },
    lookAgainMs: options.lookAgainMs ?? LOOK_AGAIN_MS,
  };

  if (options.http2) state.publish({ type: 'http2', http2: options.http2.http2 });
  for (const notice of store.notices) state.publish({ type: 'notice', notice });
  const context: CommandContext = {
    secrets,
    proxyKeys,
    authorities,
    runtime(accountId) {
      const runtime = runtimes.get(accountId);
      if (!runtime) throw new ProblemError(unknownAccount);
      return runtime;
    },
    async add(account) {
      const taken = [...runtimes.values()].some(({ parts }) => parts.jid === account.jid);
      if (taken) throw new ProblemError(accountExists);
      // Taken from here on: a second request for the same address finds it.
      const runtime = new AccountRuntime(account, runtimeOptions);
      runtimes.set(account.id, runtime);
      try {
        await store.accounts.insert(account);
      } catch (thrown) {
        runtimes.delete(account.id);
        throw thrown;
      }
      await runtime.load();
      runtime.start();
    },
    async remove(accountId) {
      const runtime = context.runtime(accountId);
      // Gone for every other command from here on.
      runtimes.delete(accountId);
      await runtime.signOut();
      await runtime.close();
      await store.accounts.remove(accountId);
      state.publish({ type: 'account-removed', accountId });
      if (isPlaygroundJid(runtime.parts.jid)) await playground.close();
    },
    async openPlayground() {
      const account = await playground.newAccount();
      const known = playgroundRuntime();
      if (known) await known.signIn({});
      else await context.add(account);
      return known?.parts.id ?? account.id;
    },
    async setPlaygroundNetwork(network) {
      await playground.setNetwork(network);
      const runtime = playgroundRuntime();
      runtime?.tellAccount();
      // As when one moves to another network: what the last one did says nothing of this.
      await runtime?.forgetLimits();
      runtime?.retryNow();
    },
  };

  const doctor = new Doctor({
    openPath: ({ accountId = 'doctor', jid }) => {
      const account = runtimes.get(accountId)?.parts;
      const settings: NetworkSettings = {
        proxySetting: () => account?.record().proxy ?? defaultProxySetting,
        proxyKeys,
        trust: {
          authorities: () => authorities.pems,
          exceptions: () => account?.record().exceptions ?? [],
        },
      };
      const { createHttp, findRoutes } = options;
      return networkPath({
        http: createHttp({ id: accountId, jid }, settings),
        keys: proxyKeys,
        trust: new PeerTrust(settings.trust, new RootStore()),
        ...(findRoutes && {
          routes: async (url) => findRoutes({ id: accountId }, url, settings.proxySetting()),
        }),
      });
    },
    publish: state.publish,
    log,
  });

  const dispatch = createDispatch(
    {
      ...accountCommands(context),
      ...attentionCommands(attention),
      ...contactCommands(context),
      ...chatCommands(context),
      ...messageCommands(context),
      ...http2Commands(options.http2, state.publish),
      ...healthCommands(context, { version, now }),
      ...proxyCommands(context),
      ...doctorCommands(context, doctor, version),
      ...trustCommands(context),
      ...playgroundCommands(context),
    },
    log,
  );

  const admitted = async (account: StoredAccount) => {
    if (!isPlaygroundJid(account.jid)) return account;
    return playground.admit(account).catch((thrown: unknown) => {
      log(`playground: ${problemOf(thrown).detail ?? problemOf(thrown).code}`);
      return account;
    });
  };
  for (const stored of await store.accounts.list()) {
    const account = await admitted(stored);
    const runtime = new AccountRuntime(account, runtimeOptions);
    runtimes.set(account.id, runtime);
    await runtime.load();
    if (account.enabled) runtime.start();
  }
  log(`host ready with ${runtimes.size} accounts`);

  const wake = (why: string) => {
    log(`${why}: every connection is tried at once`);
    for (const runtime of runtimes.values()) runtime.wake();
  };
  const stopWatching = watchWeather({
    ...{ network, now },
    onWake: () => wake('the computer slept'),
    onOtherNetwork: () => wake('another network'),
  });

  let closing: Promise<void> | undefined;
  const close = async () => {
    stopWatching();
    await Promise.all([doctor.stop(), ...[...runtimes.values()].map((each) => each.close())]);
    await playground.close();
    await store.close();
    log('host closed');
  };

  return {
    run: (name, input) => (closing ? Promise.resolve(closed) : dispatch(name, input)),
    subscribe: (listener) => state.subscribe(listener),
    sleep: async () => {
      log('the computer is about to sleep');
      await Promise.allSettled([...runtimes.values()].map((runtime) => runtime.sleep()));
    },
    wake: () => wake('the computer woke up'),
    readAvatar: (accountId, hash) => store.avatars.get(accountId, hash),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

const unknownAccount: Problem = {
  code: 'input.unknown-account',
  source: 'input',
  message: 'This account is not here any more.',
  advice: '',
  retry: 'never',
};

const accountExists: Problem = {
  code: 'input.account-exists',
  source: 'input',
  message: 'This account is here already.',
  advice: 'Sign in to it under Accounts.',
  retry: 'never',
};

const closed: CommandResult = {
  ok: false,
  problem: {
    code: 'app.closed',
    source: 'app',
    message: 'Holdfast is closing.',
    advice: 'Start it again.',
    retry: 'never',
  },
};
