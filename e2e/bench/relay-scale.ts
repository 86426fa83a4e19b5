/**
 * Thousands of sessions from a process of their own, at the relay and at Prosody's and ejabberd's own BOSH: what
 * each costs in memory, how fast messages reach requests that are held, and how many a second. Used by `relay.ts`.
 */
import { settledMemory } from '../processes/memory.ts';
import { startEjabberd } from '../servers/ejabberd.ts';
import { startProsody } from '../servers/prosody.ts';
import { ANONYMOUS_DOMAIN, type XmppServer } from '../servers/xmpp-server.ts';
import { table } from '../table.ts';
import { percentile, round } from './figures.ts';
import type { LoadOrder, LoadReply, LoadTarget } from './load/load-process.ts';
import { Channel } from './processes.ts';
import { relayFor, WAIT_S } from './relay-for.ts';

const DELIVERED = 2_000;
const PER_SECOND = 200;
const FLOOD = { type: 'flood', seconds: 5, onTheirWay: 100 } as const;
/** Opened before anything is measured: what the first sessions cost once is no session's. */
const FIRST = 20;
const MANY = { anonymous: true, tls: false, wait: WAIT_S, inactivity: 300 } as const;

/** What so many sessions cost, and how messages reach them. */
export interface ScaleFigures {
  readonly name: string;
  readonly sessions: number;
  /** Bytes of the manager's process for each session. */
  readonly memory: number;
  /** Of the server's process behind it, where that is another. */
  readonly behind?: number;
  readonly openedPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly lost: number;
  /** Messages that reached their clients each second, as many as would. */
  readonly perSecond: number;
}

/** What the sessions are opened at. */
interface Manager {
  readonly name: string;
  readonly boshUrl: string;
  readonly pid: number;
  readonly server: XmppServer;
  stop(): Promise<void>;
}

/** Measures one manager after the other at each number of sessions. */
export async function compareScale(sizes: readonly number[]): Promise<ScaleFigures[]> {
  const managers: (() => Promise<Manager>)[] = [
    async () => own('Prosody’s own BOSH', await startProsody(MANY)),
    async () => own('ejabberd’s own BOSH', await startEjabberd(MANY)),
    async () => relayed('relay, before Prosody', await startProsody(MANY)),
    async () => relayed('relay, before ejabberd', await startEjabberd(MANY)),
  ];
  const results: ScaleFigures[] = [];
  for (const start of managers) results.push(...(await measure(await start(), sizes)));
  return results;
}

/** The figures as a table. */
export function scaleTable(results: readonly ScaleFigures[]): string {
  return `${DELIVERED} messages at ${PER_SECOND} a second to requests held at random; then as many as arrive\n${table(
    [
      [
        ...['', 'sessions', 'KB each', 'behind it', 'opened /s'],
        ...['p50 ms', 'p99 ms', 'lost', 'msg/s'],
      ],
      ...results.map((one) => [
        one.name,
        String(one.sessions),
        kilobytes(one.memory),
        one.behind === undefined ? '' : kilobytes(one.behind),
        ...[one.openedPerSecond, one.p50, one.p99, one.lost, one.perSecond].map(String),
      ]),
    ],
  )}`;
}

function own(name: string, server: XmppServer): Manager {
  return { name, boshUrl: server.boshUrl, pid: server.pid, server, stop: () => server.stop() };
}

async function relayed(name: string, server: XmppServer): Promise<Manager> {
  const relay = await relayFor(server, ANONYMOUS_DOMAIN);
  return {
    ...{ name, boshUrl: relay.boshUrl, pid: relay.process.pid, server },
    stop: async () => {
      await relay.stop();
      await server.stop();
    },
  };
}

/** At each number of sessions, one after the other in the same processes. */
async function measure(manager: Manager, sizes: readonly number[]): Promise<ScaleFigures[]> {
  const { name, boshUrl, pid, server } = manager;
  const target: LoadTarget = { boshUrl, ...server.c2s, domain: ANONYMOUS_DOMAIN };
  const load = new Load(target);
  const results: ScaleFigures[] = [];
  try {
    await load.open(FIRST);
    const [empty, emptyBehind] = [await settledMemory(pid), await settledMemory(server.pid)];
    let before = FIRST;
    for (const sessions of sizes) {
      const milliseconds = await load.open(sessions);
      const memory = ((await settledMemory(pid)) - empty) / (sessions - FIRST);
      const behind = ((await settledMemory(server.pid)) - emptyBehind) / (sessions - FIRST);
      const latencies = await load.deliver();
      const perSecond = await load.flood();
      results.push({
        ...{ name, sessions, memory: Math.round(memory) },
        ...(pid === server.pid ? {} : { behind: Math.round(behind) }),
        openedPerSecond: round(((sessions - before) * 1_000) / milliseconds, 0),
        p50: round(percentile(latencies, 0.5)),
        p99: round(percentile(latencies, 0.99)),
        lost: DELIVERED - latencies.length,
        perSecond: round(perSecond, 0),
      });
      before = sessions;
      console.log(`${name}, ${sessions} sessions: ${kilobytes(memory)} KB each`);
    }
    return results;
  } finally {
    load.end();
    await manager.stop();
  }
}

/** The load's process; see `load/load-process.ts`. */
class Load {
  readonly #channel: Channel<LoadOrder, LoadReply>;

  constructor(target: LoadTarget) {
    this.#channel = new Channel('load/load-process.ts', JSON.stringify(target));
  }

  async open(sessions: number): Promise<number> {
    return (await this.#ask({ type: 'open', sessions }, 'opened')).milliseconds;
  }

  async deliver(): Promise<readonly number[]> {
    const order = { type: 'deliver', messages: DELIVERED, perSecond: PER_SECOND } as const;
    return (await this.#ask(order, 'delivered')).latencies;
  }

  async flood(): Promise<number> {
    return (await this.#ask(FLOOD, 'flooded')).perSecond;
  }

  end(): void {
    this.#channel.end();
  }

  async #ask<T extends LoadReply['type']>(
    order: LoadOrder,
    expected: T,
  ): Promise<Extract<LoadReply, { type: T }>> {
    const reply = await this.#channel.ask(order);
    if (reply.type === 'failed') throw new Error(reply.reason);
    if (reply.type !== expected) throw new Error(`${reply.type} in place of ${expected}`);
    return reply as Extract<LoadReply, { type: T }>;
  }
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
