/**
 * Thousands of clients in a process of their own, and what writes to them. Driven by `relay.ts` over IPC, one
 * order at a time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LoadSender } from './load-sender.ts';
import { LoadSession } from './load-session.ts';

export type LoadOrder =
  /** Opens sessions until there are this many, each with a request held. */
  | { readonly type: 'open'; readonly sessions: number }
  /** One message after the other, evenly, each to a session drawn at random. */
  | { readonly type: 'deliver'; readonly messages: number; readonly perSecond: number }
  /** As many messages as arrive, with so many on their way at a time. */
  | { readonly type: 'flood'; readonly seconds: number; readonly onTheirWay: number };

export type LoadReply =
  | { readonly type: 'opened'; readonly milliseconds: number }
  /** From handing over to arrival, in ms; a message that did not come is not among them. */
  | { readonly type: 'delivered'; readonly latencies: readonly number[] }
  | { readonly type: 'flooded'; readonly perSecond: number }
  | { readonly type: 'failed'; readonly reason: string };

/** What it is told at its start. */
export interface LoadTarget {
  readonly boshUrl: string;
  readonly host: string;
  readonly port: number;
  readonly domain: string;
}

/** Sessions that sign in at the same time. */
const AT_ONCE = 50;
/** What has not come by then is lost, in ms. */
const PATIENCE_MS = 15_000;

const target: LoadTarget = JSON.parse(process.argv[2] ?? '{}');
const url = new URL(target.boshUrl);
const sessions: LoadSession[] = [];
const sentAt = new Map<string, number>();
let onArrival: (latency: number) => void = () => {};
let sender: LoadSender | undefined;
let sent = 0;

process.on('disconnect', () => process.exit(0));
process.on('message', async (order: LoadOrder) => {
  const answer = await carryOut(order).catch(
    (error: unknown): LoadReply => ({ type: 'failed', reason: String(error) }),
  );
  process.send?.(answer);
});

async function carryOut(order: LoadOrder): Promise<LoadReply> {
  sender ??= await LoadSender.open(target.host, target.port, target.domain);
  switch (order.type) {
    case 'open':
      return { type: 'opened', milliseconds: await open(order.sessions) };
    case 'deliver':
      return { type: 'delivered', latencies: await deliver(order.messages, order.perSecond) };
    case 'flood':
      return { type: 'flooded', perSecond: await flood(order.seconds, order.onTheirWay) };
  }
}

async function open(count: number): Promise<number> {
  const began = performance.now();
  let begun = sessions.length;
  const work = async () => {
    while (begun < count) {
      begun += 1;
      sessions.push(await LoadSession.open(url, target.domain, arrived));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return performance.now() - began;
}

async function deliver(count: number, perSecond: number): Promise<number[]> {
  const latencies: number[] = [];
  const all = new Promise<void>((resolve) => {
    onArrival = (latency) => {
      if (latencies.push(latency) === count) resolve();
    };
  });
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    send();
    const due = began + ((index + 1) * 1_000) / perSecond;
    const left = due - performance.now();
    if (left > 0) await sleep(left);
  }
  await Promise.race([all, sleep(PATIENCE_MS)]);
  sentAt.clear();
  return latencies;
}

async function flood(seconds: number, onTheirWay: number): Promise<number> {
  let arrivedCount = 0;
  let isOn = true;
  onArrival = () => {
    arrivedCount += 1;
    if (isOn) send();
  };
  const began = performance.now();
  for (let index = 0; index < onTheirWay; index += 1) send();
  await sleep(seconds * 1_000);
  isOn = false;
  const perSecond = (arrivedCount * 1_000) / (performance.now() - began);
  // The last ones belong to nothing that is measured next.
  await sleep(1_000);
  sentAt.clear();
  return perSecond;
}

function send(): void {
  const to = sessions[Math.floor(Math.random() * sessions.length)]?.jid ?? '';
  const id = `load-${sent++}`;
  sentAt.set(id, performance.now());
  sender?.send(to, id);
}

function arrived(id: string): void {
  const at = sentAt.get(id);
  if (at === undefined) return;
  sentAt.delete(id);
  onArrival(performance.now() - at);
}
