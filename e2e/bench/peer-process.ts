/**
 * One client in a process of its own, as people have: no client shares an event loop or a warmed-up engine
 * with another, nor a sender with its receiver. Driven by `bosh.ts` over IPC, one order at a time.
 */
import type { BenchAddress, BenchPeer, ConnectBenchPeer } from './peers/bench-peer.ts';

export type PeerOrder =
  | { readonly type: 'connect'; readonly address: BenchAddress }
  /** Sends one message after each gap, in ms. The ids are `<tag>-0`, `<tag>-1`, … */
  | {
      readonly type: 'send-spaced';
      readonly to: string;
      readonly tag: string;
      readonly gaps: readonly number[];
    }
  | {
      readonly type: 'send-burst';
      readonly to: string;
      readonly tag: string;
      readonly count: number;
    }
  /** Waits until this many messages with this tag have arrived. */
  | { readonly type: 'await'; readonly tag: string; readonly count: number }
  | { readonly type: 'close' };
export type PeerReply =
  | { readonly type: 'connected'; readonly jid: string }
  | { readonly type: 'times'; readonly times: readonly MessageTime[] }
  | { readonly type: 'closed' }
  | { readonly type: 'failed'; readonly reason: string };

/** When a message was handed over or arrived: ms of the system's monotonic clock, one for all processes. */
export interface MessageTime {
  readonly id: string;
  readonly at: number;
}

const connectors: Readonly<Record<string, () => Promise<ConnectBenchPeer>>> = {
  holdfast: async () => (await import('./peers/holdfast.ts')).connectHoldfast,
  forgetful: async () => (await import('./peers/holdfast.ts')).connectForgetfulHoldfast,
  bare: async () => (await import('./peers/bare.ts')).connectBare,
  strophe: async () => (await import('./peers/strophe.ts')).connectStrophe,
  tcp: async () => (await import('./peers/xmpp-client.ts')).connectTcp,
  websocket: async () => (await import('./peers/xmpp-client.ts')).connectWebSocket,
  polling: async () => (await import('./peers/polling.ts')).connectPolling,
};

let peer: BenchPeer | undefined;
/** By the tag of their ids. */
const arrivals = new Map<string, MessageTime[]>();
let onArrival: () => void = () => {};

process.on('disconnect', () => process.exit(0));
process.on('message', async (order: PeerOrder) => {
  const answer = await carryOut(order).catch(
    (error: unknown): PeerReply => ({ type: 'failed', reason: String(error) }),
  );
  process.send?.(answer);
});

async function carryOut(order: PeerOrder): Promise<PeerReply> {
  switch (order.type) {
    case 'connect': {
      const connect = await connectors[process.argv[2] ?? '']?.();
      if (!connect) throw new Error(`no such kind of client: ${process.argv[2]}`);
      peer = await connect(order.address);
      peer.onMessage((id) => {
        const at = now();
        arrived(tagOf(id)).push({ id, at });
        onArrival();
      });
      return { type: 'connected', jid: peer.jid };
    }
    case 'send-spaced':
      return { type: 'times', times: await sendSpaced(order.to, order.tag, order.gaps) };
    case 'send-burst': {
      const messages = Array.from({ length: order.count }, (_, index) =>
        compose(order.to, order.tag, index),
      );
      const at = now();
      peer?.send(messages);
      return { type: 'times', times: messages.map(({ id }) => ({ id, at })) };
    }
    case 'await':
      return { type: 'times', times: await arrivalsOf(order.tag, order.count) };
    case 'close':
      await peer?.close();
      return { type: 'closed' };
  }
}

async function sendSpaced(
  to: string,
  tag: string,
  gaps: readonly number[],
): Promise<MessageTime[]> {
  const times: MessageTime[] = [];
  for (const [index, gap] of gaps.entries()) {
    await new Promise((resolve) => setTimeout(resolve, gap));
    const message = compose(to, tag, index);
    times.push({ id: message.id, at: now() });
    peer?.send([message]);
  }
  return times;
}

function arrivalsOf(tag: string, count: number): Promise<MessageTime[]> {
  return new Promise((resolve) => {
    onArrival = () => {
      if (arrived(tag).length >= count) resolve(arrived(tag));
    };
    onArrival();
  });
}

function arrived(tag: string): MessageTime[] {
  const times = arrivals.get(tag) ?? [];
  arrivals.set(tag, times);
  return times;
}

function tagOf(id: string): string {
  return id.slice(0, id.lastIndexOf('-'));
}

function compose(to: string, tag: string, index: number): { to: string; id: string; body: string } {
  const id = `${tag}-${index}`;
  return { to, id, body: `a short message, as people write them ${id}` };
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
