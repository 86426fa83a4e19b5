/**
 * Holdfast and a Strophe.js peer send each other numbered messages while the caller does its worst, and
 * then both sides must hold every message once and in order. Used by the continuity and the fault runs.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '../../shared/contract/records.ts';
import type { Health } from '../../shared/health.ts';
import { ProblemError } from '../../shared/problem.ts';
import { HostClient } from '../holdfast/host-client.ts';
import { type RunningHoldfast, startHoldfast } from '../holdfast/start-holdfast.ts';
import { connectStrophePeer, type StrophePeer } from '../peers/strophe-peer.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { type Differences, differences } from './differences.ts';

export interface ConversationOptions {
  readonly server: XmppServer;
  /** The BOSH address Holdfast is given; the peer is connected to the server itself. */
  readonly endpoint: string;
  /** Names of users of this server, used for nothing else. */
  readonly users: { readonly holdfast: string; readonly peer: string };
  /** Messages each way. */
  readonly count: number;
  /** Waits before the next message of a side. */
  readonly pause: () => Promise<unknown>;
  /** The longest that anything may take which is waited for, in ms. */
  readonly patienceMs: number;
}

/** What one side lacks or has too much of. */
export interface Comparison extends Differences {
  readonly what: string;
  /** All it has, in order. */
  readonly actual: readonly string[];
}

/** How the numbered messages read, so that order can be seen in the bodies. */
function bodyOf(side: 'holdfast' | 'peer', number: number): string {
  return `${side} ${String(number).padStart(3, '0')}`;
}

const LAST_WORD = 'that was all';

export class Conversation {
  readonly #options: ConversationOptions;
  readonly #dataFolder: string;
  readonly #ids: readonly string[];
  #holdfast: RunningHoldfast | undefined;
  #client: HostClient | undefined;
  #peer: StrophePeer | undefined;
  #accountId = '';
  #handedOver = 0;
  #onHandedOver: () => void = () => {};
  /** Resolves once Holdfast runs again; pending while it does not. */
  #running = Promise.withResolvers<void>();

  private constructor(options: ConversationOptions, dataFolder: string) {
    this.#options = options;
    this.#dataFolder = dataFolder;
    this.#ids = Array.from({ length: options.count }, () => randomUUID());
  }

  /** Nothing runs yet; to be closed whatever happens. */
  static async create(options: ConversationOptions): Promise<Conversation> {
    return new Conversation(options, await mkdtemp(join(tmpdir(), 'holdfast-data-')));
  }

  /** Starts Holdfast, or starts it again on the same data. */
  async start(): Promise<void> {
    this.#holdfast = await startHoldfast({ dataFolder: this.#dataFolder, temporary: true });
    this.#client = await HostClient.open(this.#holdfast);
    this.#running.resolve();
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    this.#running = Promise.withResolvers();
    await this.#holdfast?.process.kill();
    this.#client?.close();
  }

  /** Adds the account and waits until it is online. */
  async signIn(): Promise<void> {
    const { server, users, endpoint } = this.#options;
    const { accountId } = await this.#host.run('accounts.add', {
      ...server.user(users.holdfast),
      endpoint,
    });
    this.#accountId = accountId;
    await this.untilOnline();
  }

  async untilOnline(): Promise<void> {
    const account = () => this.#host.accounts.get(this.#accountId);
    await this.#until('online', () => {
      const { phase, problem } = account()?.connection ?? {};
      if (phase === 'failed') throw new Error(`sign-in failed: ${problem?.code}`);
      return phase === 'online';
    });
  }

  /** Both see the other's presence, so that the peer hears when the server ends Holdfast's session. */
  async befriend(): Promise<void> {
    const { server, users } = this.#options;
    this.#peer = await connectStrophePeer({
      // Over BOSH Strophe.js hands on two answers in the order their connections happen to be read
      // (seen: a later, shorter one first), so it cannot witness order; a WebSocket has one.
      service: server.webSocketUrl,
      ...server.user(users.peer),
    });
    const { bareJid } = this.#peer;
    await this.#host.run('contacts.add', { accountId: this.#accountId, jid: bareJid });
    await this.#peer.presence('a request', ({ type }) => type === 'subscribe');
    this.#peer.sendPresence(this.#holdfastJid, 'subscribed');
    this.#peer.sendPresence(this.#holdfastJid, 'subscribe');
    const contact = () => this.#host.contacts.get(bareJid);
    const granted = () => ['from', 'both'].includes(contact()?.subscription ?? '');
    await this.#until('the request', () => contact()?.request === true || granted());
    if (!granted()) {
      await this.#host.run('contacts.accept', { accountId: this.#accountId, jid: bareJid });
    }
    await this.#peer.presence('Holdfast online', ({ type, from }) => {
      return type === undefined && from.startsWith(`${this.#holdfastJid}/`);
    });
  }

  /** Sends all messages, both ways at once; goes on when Holdfast is started again after a kill. */
  async talk(): Promise<void> {
    await Promise.all([this.#sendFromHoldfast(), this.#sendFromPeer()]);
  }

  /** Resolves when both sides together have handed over this many messages. */
  async handedOver(count: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onHandedOver = () => {
        if (this.#handedOver >= count) resolve();
      };
      this.#onHandedOver();
    });
  }

  /** Resolves when the last that the server told the peer is that Holdfast's session is over. */
  async sessionEnded(withinMs = this.#options.patienceMs): Promise<void> {
    const { presences } = this.#other;
    const last = () =>
      presences.findLast(({ from }) => from.startsWith(`${this.#holdfastJid}/`))?.type;
    await this.#other.presence('the session ended', () => last() === 'unavailable', withinMs);
  }

  /** The session Holdfast has now, as far as it shows. */
  get sid(): string {
    return this.#health?.sid ?? '';
  }

  /** How that session came about and what last went wrong with it. */
  get rung(): string {
    return this.#health?.rung?.name ?? 'none';
  }

  get reason(): string {
    const { rung, lastProblem } = this.#health ?? {};
    return [rung?.name, rung?.reason, lastProblem?.code, lastProblem?.detail].join(', ');
  }

  /**
   * Says a last word each way and waits until all has arrived; what was doubled arrived before it.
   * @param states what a sent message may be in the end.
   * @returns what did not come to pass; nothing more is waited for then.
   */
  async settle(states: readonly Message['state'][]): Promise<string[]> {
    const { count, patienceMs } = this.#options;
    await this.#host.loadAll(this.#accountId, this.#other.bareJid);
    const outgoing = () => [...this.#host.messages.values()].filter((message) => message.outgoing);
    const incoming = () => [...this.#host.messages.values()].filter((message) => !message.outgoing);
    try {
      await this.#other.bodyCount(count, patienceMs);
      await this.#until('all incoming messages', () => incoming().length >= count);
      await this.#until(`all outgoing messages ${states.join(' or ')}`, () =>
        outgoing().every(({ state }) => states.includes(state)),
      );
      await this.#host.run('messages.send', {
        accountId: this.#accountId,
        jid: this.#other.bareJid,
        id: randomUUID(),
        body: LAST_WORD,
      });
      this.#other.send({ to: this.#holdfastJid, body: LAST_WORD, id: 'last-word' });
      await this.#other.message('the last word', ({ body }) => body === LAST_WORD, patienceMs);
      await this.#until('the last word', () => incoming().some(({ body }) => body === LAST_WORD));
      return [];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  }

  async compare(): Promise<Comparison[]> {
    const { count } = this.#options;
    const stored = await this.#host.loadAll(this.#accountId, this.#other.bareJid);
    const bodies = (outgoing: boolean) =>
      stored.filter((message) => message.outgoing === outgoing).map((message) => message.body);
    const compared = (what: string, side: 'holdfast' | 'peer', actual: readonly string[]) => ({
      ...{ what, actual },
      ...differences(actual, [
        ...Array.from({ length: count }, (_, index) => bodyOf(side, index + 1)),
        LAST_WORD,
      ]),
    });
    return [
      compared('peer received', 'holdfast', this.#other.bodies(this.#holdfastJid)),
      compared('Holdfast received', 'peer', bodies(false)),
      compared('Holdfast sent', 'holdfast', bodies(true)),
    ];
  }

  /** What Holdfast has said so far, and how its connection stands. */
  async log(): Promise<string> {
    const said = await readFile(join(this.#dataFolder, 'shell.log'), 'utf8').catch(() => '');
    return `${said}${JSON.stringify(this.#client?.health.get(this.#accountId) ?? {}, null, 1)}`;
  }

  /** Ends everything and removes what it wrote. */
  async close(): Promise<void> {
    this.#client?.close();
    await this.#peer?.disconnect().catch(() => {});
    await this.#holdfast?.process.stop();
    await rm(this.#dataFolder, { recursive: true, force: true });
  }

  get #host(): HostClient {
    if (!this.#client) throw new Error('Holdfast is not running');
    return this.#client;
  }

  get #other(): StrophePeer {
    if (!this.#peer) throw new Error('the peer is not connected');
    return this.#peer;
  }

  get #holdfastJid(): string {
    return this.#options.server.user(this.#options.users.holdfast).jid;
  }

  get #health(): Health | undefined {
    return this.#host.health.get(this.#accountId);
  }

  #until(what: string, holds: () => boolean): Promise<void> {
    return this.#host.until(what, holds, this.#options.patienceMs);
  }

  #count(): void {
    this.#handedOver += 1;
    this.#onHandedOver();
  }

  /** One command after the other; one whose answer never came is given again under the same id. */
  async #sendFromHoldfast(): Promise<void> {
    for (const [index, id] of this.#ids.entries()) {
      const input = {
        accountId: this.#accountId,
        jid: this.#other.bareJid,
        id,
        body: bodyOf('holdfast', index + 1),
      };
      for (let isHandedOver = false; !isHandedOver; ) {
        const running = this.#running;
        await running.promise;
        isHandedOver = await this.#host.run('messages.send', input).then(
          () => true,
          (error: unknown) => {
            if (error instanceof ProblemError || running === this.#running) throw error;
            return false;
          },
        );
      }
      this.#count();
      await this.#options.pause();
    }
  }

  async #sendFromPeer(): Promise<void> {
    for (let number = 1; number <= this.#options.count; number++) {
      this.#other.send({
        to: this.#holdfastJid,
        body: bodyOf('peer', number),
        id: `${this.#options.users.peer}-${number}`,
        requestReceipt: true,
      });
      this.#count();
      await this.#options.pause();
    }
  }
}
