/**
 * One seed: a conversation of Holdfast, behind a network that lies, with a Strophe.js peer connected
 * directly; in every third seed Holdfast is killed at random moments as well. In the end both sides must
 * hold every message once and in order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Comparison, Conversation } from '../conversation/conversation.ts';
import { describeDifferences } from '../conversation/differences.ts';
import { seededRandom } from '../random.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { ChaosProxy } from './chaos-proxy.ts';
import type { Fault } from './fault.ts';
import { schedule } from './schedule.ts';

export interface SeedOptions {
  readonly server: XmppServer;
  readonly seed: number;
  /** Names of users of this server, used for nothing else. */
  readonly users: { readonly holdfast: string; readonly peer: string };
  /** Messages each way. */
  readonly count: number;
  readonly kinds: readonly Fault[];
}

export interface SeedResult {
  readonly server: XmppServer['kind'];
  readonly seed: number;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  /** What is wrong, in words; empty is a proof. */
  readonly wrong: readonly string[];
  readonly kills: number;
  /** HTTP exchanges that went through the network at its worst. */
  readonly exchanges: number;
  /** How often each kind of fault took effect. */
  readonly injected: Readonly<Record<string, number>>;
  /** What Holdfast said meanwhile. */
  readonly log: string;
  /** What each side has in the end, in words. */
  readonly had: readonly string[];
  /** What passed through the network. */
  readonly trace: readonly string[];
  readonly milliseconds: number;
}

/** A process is killed in every seed that this divides. */
const KILLED_SEEDS = 3;
const MOST_KILLS = 3;
/** The share of messages that follow the one before at once, in the hastiest seed. */
const MOST_HASTE = 0.7;
/** A message waits for the exchange before it, but no longer than this, in ms. */
const LONGEST_PAUSE_MS = 15;
/** How many of the kills keep Holdfast away until the server has ended its session. */
const LONG_ABSENCES = 0.2;
const LONG_ABSENCE_MS = 12_000;
/** Nothing takes longer on the busiest machine, or the run has come to a stop. */
const PATIENCE_MS = 300_000;

/** Runs one seed; whatever goes wrong is in the result. */
export async function runSeed(options: SeedOptions): Promise<SeedResult> {
  const { server, seed, users, count, kinds } = options;
  const began = performance.now();
  // Not the numbers the schedule draws: another stream of the same seed.
  const random = seededRandom(~seed);
  const proxy = await ChaosProxy.start(server.boshUrl, schedule(seed, kinds));
  const haste = random() * MOST_HASTE;
  // Paced by the network itself: however fast the machine is, many exchanges meet it.
  const pause = async () => {
    if (random() >= haste) await Promise.race([proxy.nextExchange(), sleep(LONGEST_PAUSE_MS)]);
  };
  const conversation = await Conversation.create({
    ...{ server, users, count, endpoint: proxy.boshUrl, patienceMs: PATIENCE_MS },
    pause,
  });
  const kills = seed % KILLED_SEEDS === 0 ? 1 + Math.floor(random() * MOST_KILLS) : 0;
  const compared: Comparison[] = [];
  const wrong: string[] = [];
  try {
    await conversation.start();
    await conversation.signIn();
    await conversation.befriend();
    proxy.unleash();
    await Promise.all([
      conversation.talk(),
      killNowAndThen(conversation, kills, 2 * count, random),
    ]);
    wrong.push(...(await conversation.settle(['sent', 'delivered'])));
    compared.push(...(await conversation.compare()));
    for (const { what, ...found } of compared) wrong.push(...describeDifferences(what, found));
  } catch (error) {
    wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const log = await conversation.log();
  await conversation.close();
  await proxy.stop();
  return {
    ...{
      server: server.kind,
      seed,
      wrong,
      kills,
      log,
      trace: proxy.trace,
    },
    ...totals(compared),
    had: compared.map(({ what, actual }) => `${what}: ${actual.join(', ')}`),
    exchanges: proxy.exchanges,
    injected: Object.fromEntries(proxy.injected),
    milliseconds: Math.round(performance.now() - began),
  };
}

async function killNowAndThen(
  conversation: Conversation,
  kills: number,
  messages: number,
  random: () => number,
): Promise<void> {
  const moments = Array.from({ length: kills }, () => 1 + Math.floor(random() * (messages - 1)));
  for (const moment of moments.sort((a, b) => a - b)) {
    const delayMs = random() * 8;
    const isLong = random() < LONG_ABSENCES;
    await conversation.handedOver(moment);
    await sleep(delayMs);
    await conversation.kill();
    // Longer than it should last: a server may not have noticed that the client has gone.
    if (isLong) await conversation.sessionEnded(LONG_ABSENCE_MS).catch(() => {});
    await conversation.start();
  }
}

function totals(
  compared: readonly Comparison[],
): Pick<SeedResult, 'lost' | 'doubled' | 'reordered'> {
  const sum = (kind: 'lost' | 'doubled' | 'reordered') =>
    compared.reduce((total, found) => total + found[kind].length, 0);
  return { lost: sum('lost'), doubled: sum('doubled'), reordered: sum('reordered') };
}
