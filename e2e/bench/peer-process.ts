/**
 * One kind of client, sender and receiver, in a process of its own, so that no kind shares an event loop
 * or a warmed-up engine with another. Driven by `bosh.ts` over IPC, one order at a time.
 */
import { performance } from 'node:perf_hooks';
import type { BenchAddress, BenchPeer, ConnectBenchPeer } from './peers/bench-peer.ts';

export type PeerOrder =
  | { readonly type: 'connect'; readonly sender: BenchAddress; readonly receiver: BenchAddress }
  /** One message after each gap, in ms. */
  | { readonly type: 'spaced'; readonly gaps: readonly number[] }
  | { readonly type: 'burst'; readonly count: number }
  | { readonly type: 'close' };
export type PeerReply =
  | { readonly type: 'connected' }
  /** One-way latency of each message, in ms. */
  | { readonly type: 'latencies'; readonly milliseconds: readonly number[] }
  /** From the first send to the last arrival, in ms. */
  | { readonly type: 'burst-done'; readonly milliseconds: number }
  | { readonly type: 'closed' }
  | { readonly type: 'failed'; readonly reason: string };

const connectors: Readonly<Record<string, () => Promise<ConnectBenchPeer>>> = {
  holdfast: async () => (await import('./peers/holdfast.ts')).connectHoldfast,
  strophe: async () => (await import('./peers/strophe.ts')).connectStrophe,
  tcp: async () => (await import('./peers/xmpp-client.ts')).connectTcp,
  websocket: async () => (await import('./peers/xmpp-client.ts')).connectWebSocket,
  polling: async () => (await import('./peers/polling.ts')).connectPolling,
};

let sender: BenchPeer | undefined;
let receiver: BenchPeer | undefined;
let nextId = 0;
let onArrival: (id: string, at: number) => void = () => {};

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
      sender = await connect(order.sender);
      receiver = await connect(order.receiver);
      receiver.onMessage((id) => onArrival(id, performance.now()));
      return { type: 'connected' };
    }
    case 'spaced':
      return { type: 'latencies', milliseconds: await spaced(order.gaps) };
    case 'burst':
      return { type: 'burst-done', milliseconds: await burst(order.count) };
    case 'close':
      await sender?.close();
      await receiver?.close();
      return { type: 'closed' };
  }
}

async function spaced(gaps: readonly number[]): Promise<number[]> {
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  const all = Promise.withResolvers<void>();
  onArrival = (id, at) => {
    const from = sentAt.get(id);
    if (from === undefined) return;
    sentAt.delete(id);
    latencies.push(at - from);
    if (latencies.length === gaps.length) all.resolve();
  };
  for (const gap of gaps) {
    await new Promise((resolve) => setTimeout(resolve, gap));
    const message = compose();
    sentAt.set(message.id, performance.now());
    sender?.send([message]);
  }
  await all.promise;
  return latencies;
}

async function burst(count: number): Promise<number> {
  const messages = Array.from({ length: count }, compose);
  const expected = messages.map(({ id }) => id);
  let arrived = 0;
  const all = Promise.withResolvers<number>();
  onArrival = (id, at) => {
    if (id !== expected[arrived]) all.reject(new Error(`${id} arrived in place of ${arrived}`));
    if (++arrived === count) all.resolve(at);
  };
  const start = performance.now();
  sender?.send(messages);
  return (await all.promise) - start;
}

function compose(): { to: string; id: string; body: string } {
  const id = `m${nextId++}`;
  return { to: receiver?.jid ?? '', id, body: `a short message, as people write them ${id}` };
}
