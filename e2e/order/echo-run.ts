/**
 * One run: two of Holdfast's streams on a server, one answers every message of the other a moment after it came, when
 * an empty request is on its way already. On the two connections, which are not equally quick, the payload may get
 * there first, which is what ejabberd stalls at. Used by `soak.ts` and the integration test.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import xml from '@xmpp/xml';
import { createMemoryJournal } from '../../electron/bosh/client/testing/memory-journal.ts';
import { createNodeHttpExchange } from '../../electron/network/node-http-exchange.ts';
import type { AccountStream } from '../../electron/xmpp/account-stream.ts';
import { createAccountStream } from '../../electron/xmpp/create-account-stream.ts';
import { startFar } from '../networks/wires/far.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { type Guard, grantedAs } from './granted-as.ts';

export interface EchoRunOptions {
  readonly server: XmppServer;
  /** Names of two users of this server. */
  readonly users: readonly [string, string];
  readonly echoes: number;
  readonly guard: Guard;
  /**
   * Each way takes up to twice this long, another time for each piece of data, in ms; 0: the server is reached
   * directly, and answered at once.
   */
  readonly jitterMs: number;
}

export interface EchoRunResult {
  /** From a message to its echo, in ms. */
  readonly roundTrips: readonly number[];
  /** The pause kept between two requests on different connections at the end, in ms: of the one who asks. */
  readonly guardMs: number;
  /** Why it stopped before its end; absent where it did not. */
  readonly stall?: string;
}

/** An echo takes a few ms, and the session itself repeats what is stuck after 8 s: this is a stall. */
const STALL_MS = 5_000;
/** Who has something to say says it up to this long after the last message came, in ms: a program stored that first. */
const MOMENT_MS = 4;

export async function runEchoes(options: EchoRunOptions): Promise<EchoRunResult> {
  const { server, jitterMs } = options;
  if (jitterMs === 0) return runOver(server.boshUrl, options);
  const endpoint = new URL(server.boshUrl);
  const line = await startFar(Number(endpoint.port), jitterMs, jitterMs);
  endpoint.port = String(line.port);
  try {
    return await runOver(endpoint.href, options);
  } finally {
    await line.stop();
  }
}

async function runOver(endpoint: string, options: EchoRunOptions): Promise<EchoRunResult> {
  const connected = await Promise.allSettled(
    options.users.map((user) => connect(endpoint, options, user)),
  );
  const [asking, answering] = connected.map((each) =>
    each.status === 'fulfilled' ? each.value : undefined,
  );
  if (!asking || !answering) {
    await Promise.all([asking?.close(), answering?.close()]);
    return { roundTrips: [], guardMs: 0, stall: 'stalled while signing in' };
  }
  const roundTrips: number[] = [];
  let stall: string | undefined;
  try {
    answering.stream.onStanza((message) => {
      if (!message.is('message') || message.attrs.type === 'error') return;
      void moment(options).then(() => {
        answering.stream.send(chat(message.attrs.from, message.attrs.id));
      });
    });
    const echoed = new Map<string, () => void>();
    asking.stream.onStanza(({ attrs }) => echoed.get(attrs.id)?.());
    while (roundTrips.length < options.echoes && stall === undefined) {
      const id = String(roundTrips.length);
      const { promise, resolve } = Promise.withResolvers<void>();
      echoed.set(id, resolve);
      await moment(options);
      const askedAt = performance.now();
      asking.stream.send(chat(answering.stream.jid, id));
      stall = await stalledBefore(promise, asking.stream, answering.stream);
      echoed.delete(id);
      if (stall === undefined) roundTrips.push(performance.now() - askedAt);
    }
    return {
      ...{ roundTrips, guardMs: asking.stream.health().orderingGuard },
      ...(stall !== undefined && { stall: `${stall} after ${roundTrips.length} echoes` }),
    };
  } finally {
    await Promise.all([asking.close(), answering.close()]);
  }
}

/** Resolves with what went wrong, or with nothing once it is done. */
async function stalledBefore(
  done: Promise<void>,
  ...streams: readonly AccountStream[]
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const late = setTimeout(() => resolve('stalled'), STALL_MS);
  const stopped = streams.map(({ ended }) => ended.then(({ code }) => code));
  try {
    return await Promise.race([done.then(() => undefined), promise, ...stopped]);
  } finally {
    clearTimeout(late);
  }
}

async function moment({ jitterMs }: EchoRunOptions): Promise<void> {
  if (jitterMs > 0) await sleep(Math.random() * MOMENT_MS);
}

async function connect(endpoint: string, { server, guard }: EchoRunOptions, user: string) {
  const http = createNodeHttpExchange();
  const stream = createAccountStream({
    ...server.user(user),
    ...{ endpoint, resource: 'echo', reason: 'order' },
    ...{ http: grantedAs(guard, http), journal: createMemoryJournal() },
  });
  stream.start();
  await stream.ready.catch(async (error: unknown) => {
    await http.close();
    throw error;
  });
  stream.send(xml('presence'));
  return {
    stream,
    close: async () => {
      await stream.terminate();
      await http.close();
    },
  };
}

function chat(to: string, id: string) {
  return xml('message', { to, id, type: 'chat' }, xml('body', {}, `echo ${id}`));
}
