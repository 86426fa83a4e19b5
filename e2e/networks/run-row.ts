/**
 * One row of the matrix with one client: it signs in through the network and chats with a peer that is
 * connected directly, while the wire is cut once in every simulated minute. In the end both must have every
 * message. A simulated minute is some seconds long, and the networks' own times are short in proportion.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describeDifferences, differences } from '../conversation/differences.ts';
import { connectStrophePeer, type StrophePeer } from '../peers/strophe-peer.ts';
import { seededRandom } from '../random.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import type { ClientKind, NetworkClient } from './clients/network-client.ts';
import type { Network, RunningNetwork } from './network.ts';
import { Wire } from './wires/wire.ts';

export interface RowOptions {
  readonly network: Network;
  readonly client: ClientKind;
  readonly server: XmppServer;
  /** Names of users of this server, used for nothing else. */
  readonly users: { readonly client: string; readonly peer: string };
  /** Simulated. */
  readonly minutes: number;
  readonly seed: number;
}

export interface RowResult {
  readonly network: string;
  readonly client: string;
  /** Whether it signed in through this network. */
  readonly isConnected: boolean;
  readonly connectMs: number | undefined;
  readonly cuts: number;
  /** After how many of the cuts it went on in the same session. */
  readonly kept: number;
  /** Messages handed over, both ways together. */
  readonly messages: number;
  /** … and not arrived, once all was well again. */
  readonly lost: number;
  readonly doubled: number;
  /** For each cut: from its end until messages went both ways, in ms; infinite where they no longer did. */
  readonly recoveries: readonly number[];
  /** What the client said was in the way, where it did not connect or not at first. */
  readonly problem: string | undefined;
  /** What an examination found to be the cause. */
  readonly verdict: string | undefined;
  /** What is not as it should be, in words. */
  readonly wrong: readonly string[];
  readonly log: string;
  readonly seconds: number;
}

/** How long a simulated minute lasts, in ms; the times in `rows/` are short in proportion: a fifth. */
export const MINUTE_MS = 12_000;
/** How long nothing gets through at a cut, in ms. */
const CUT_MS = 400;
/** Messages each way in a minute, said within its first part: the rest of it is silence. */
const PER_MINUTE = 4;
const TALKING_SHARE = 0.35;
/** The share of messages that follow the one before at once. */
const HASTE = 0.5;
/** How long a sign-in may take, and how long all messages may take to arrive in the end, in ms. */
const PATIENCE_MS = 45_000;
/** How soon a client that took no message is asked again, in ms. */
const ASK_AGAIN_MS = 100;
/** A cut is not recovered from when this has passed, in ms. */
const RECOVERY_MS = 2 * MINUTE_MS;

/** Runs one row; whatever goes wrong is in the result. */
export async function runRow(options: RowOptions): Promise<RowResult> {
  const run = new RowRun(options);
  const began = performance.now();
  try {
    await run.open();
    await run.cross();
  } catch (error) {
    run.wrong.push(error instanceof Error ? error.message : String(error));
  }
  const log = await run.close();
  return { ...run.result(), log, seconds: (performance.now() - began) / 1_000 };
}

class RowRun {
  readonly wrong: string[] = [];
  readonly #options: RowOptions;
  readonly #random: () => number;
  readonly #wires: Wire[] = [];
  #running: RunningNetwork | undefined;
  #peerSide: StrophePeer | undefined;
  #clientSide: NetworkClient | undefined;
  #connectMs: number | undefined;
  #problem: string | undefined;
  #verdict: string | undefined;
  #cuts = 0;
  #kept = 0;
  #lost = 0;
  #doubled = 0;
  readonly #recoveries: number[] = [];
  #handedOver: Promise<void> = Promise.resolve();
  readonly #fromClient: string[] = [];
  readonly #fromPeer: string[] = [];

  constructor(options: RowOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
  }

  async open(): Promise<void> {
    const { network, server, users, client } = this.#options;
    this.#peerSide = await connectStrophePeer({
      // Over BOSH Strophe.js cannot witness order; a WebSocket has one.
      service: server.webSocketUrl,
      ...server.user(users.peer),
    });
    this.#running = await network.start({
      server,
      wire: async (port) => {
        const wire = await Wire.to(port);
        this.#wires.push(wire);
        return wire.port;
      },
    });
    this.#clientSide = await client.create({
      access: this.#running,
      account: server.user(users.client),
      peer: server.user(users.peer).jid,
    });
  }

  async cross(): Promise<void> {
    if (!(await this.#signIn())) return;
    for (let minute = 1; minute <= this.#options.minutes; minute += 1) {
      await Promise.all([this.#talk(minute), this.#cutOnce(minute), sleep(MINUTE_MS)]);
    }
    await this.#settle();
  }

  /** Ends everything; what the client said where something is wrong. */
  async close(): Promise<string> {
    const log = this.wrong.length > 0 ? await this.#clientSide?.log() : undefined;
    await this.#clientSide?.close();
    await this.#peerSide?.disconnect().catch(() => {});
    await this.#running?.stop();
    await Promise.all(this.#wires.map((wire) => wire.stop()));
    return log ?? '';
  }

  result(): Omit<RowResult, 'log' | 'seconds'> {
    const { network, client } = this.#options;
    return {
      ...{ network: network.name, client: client.name, wrong: this.wrong },
      isConnected: this.#connectMs !== undefined,
      ...{ connectMs: this.#connectMs, problem: this.#problem, verdict: this.#verdict },
      ...{ cuts: this.#cuts, kept: this.#kept, recoveries: this.#recoveries },
      messages: this.#fromClient.length + this.#fromPeer.length,
      ...{ lost: this.#lost, doubled: this.#doubled },
    };
  }

  /** False where there is nothing more to do: the network lets nothing through. */
  async #signIn(): Promise<boolean> {
    const { network, client } = this.#options;
    const began = performance.now();
    await this.#client.start();
    if (network.problem !== undefined) {
      this.#problem = await this.#client.problem(PATIENCE_MS).catch(() => 'nothing');
      if (this.#problem !== network.problem) {
        this.wrong.push(`${client.name} says ${this.#problem} instead of ${network.problem}`);
      }
      await this.#examine();
      if (!this.#running?.agree) return false;
      this.#running.agree();
    }
    try {
      await this.#client.online(PATIENCE_MS);
      this.#connectMs = performance.now() - began;
      return true;
    } catch (error) {
      this.#problem ??= await this.#client.problem(0).catch(() => 'nothing');
      this.wrong.push(`${client.name} is not online: ${error} (it says ${this.#problem})`);
      return false;
    }
  }

  async #examine(): Promise<void> {
    const { verdict } = this.#options.network;
    if (verdict === undefined || !this.#client.examine) return;
    const found = await this.#client.examine(PATIENCE_MS);
    this.#verdict = found[0];
    if (found[0] === verdict) return;
    this.wrong.push(`the examination finds ${found.join(', ') || 'nothing'} instead of ${verdict}`);
  }

  async #talk(minute: number): Promise<void> {
    const gap = (MINUTE_MS * TALKING_SHARE) / PER_MINUTE;
    for (let number = 1; number <= PER_MINUTE; number += 1) {
      this.#say(`minute ${minute}, ${number} of ${PER_MINUTE}`);
      // People say several things at once, or nothing for a while.
      if (this.#random() < HASTE) continue;
      await sleep(this.#random() * 2 * gap);
    }
  }

  async #cutOnce(minute: number): Promise<void> {
    await sleep(this.#random() * 0.9 * (MINUTE_MS - CUT_MS));
    const { session } = this.#client;
    await Promise.all(this.#wires.map((wire) => wire.cut(CUT_MS)));
    this.#cuts += 1;
    const over = performance.now();
    const text = `after cut ${minute}`;
    const body = this.#bodyOf(text);
    this.#say(text);
    try {
      await Promise.all([
        this.#peer.message(body, (message) => message.body === body, RECOVERY_MS),
        this.#client.received(body, RECOVERY_MS),
      ]);
      this.#recoveries.push(performance.now() - over);
      if (this.#client.session === session) this.#kept += 1;
    } catch {
      this.#recoveries.push(Number.POSITIVE_INFINITY);
    }
  }

  /** Both at once. */
  #say(text: string): void {
    const { server, users } = this.#options;
    const body = this.#bodyOf(text);
    this.#fromClient.push(text);
    this.#fromPeer.push(text);
    this.#handedOver = this.#handedOver.then(() => this.#handOver(body));
    this.#peer.send({ to: server.user(users.client).jid, body });
  }

  /** A client that takes no message now is asked again, as a person would; one that takes none at all loses it. */
  async #handOver(body: string): Promise<void> {
    const until = performance.now() + RECOVERY_MS;
    while (performance.now() < until) {
      try {
        return await this.#client.send(body);
      } catch {
        await sleep(ASK_AGAIN_MS);
      }
    }
  }

  #bodyOf(text: string): string {
    return text.padEnd(this.#options.network.messageLength ?? 0, '.');
  }

  async #settle(): Promise<void> {
    const text = 'that was all';
    const lastWord = this.#bodyOf(text);
    this.#say(text);
    await this.#handedOver;
    const isHere = ({ body }: { body?: string }) => body === lastWord;
    await Promise.allSettled([
      this.#peer.message(lastWord, isHere, PATIENCE_MS),
      this.#client.received(lastWord, PATIENCE_MS),
    ]);
    const { server, users } = this.#options;
    const arrived = this.#peer.bodies(server.user(users.client).jid);
    this.#compare('the peer received', arrived, this.#fromClient);
    this.#compare('the client received', await this.#client.bodies(), this.#fromPeer);
  }

  #compare(what: string, actual: readonly string[], expected: readonly string[]): void {
    const names = new Map(expected.map((text) => [this.#bodyOf(text), text]));
    const found = differences(
      actual.map((body) => names.get(body) ?? `what nobody said: ${body.slice(0, 60)}`),
      expected,
    );
    this.#lost += found.lost.length;
    this.#doubled += found.doubled.length;
    this.wrong.push(...describeDifferences(what, found));
  }

  get #client(): NetworkClient {
    if (!this.#clientSide) throw new Error('there is no client');
    return this.#clientSide;
  }

  get #peer(): StrophePeer {
    if (!this.#peerSide) throw new Error('there is no peer');
    return this.#peerSide;
  }
}
