/**
 * One proof of continuity: Holdfast and a Strophe.js peer send each other numbered messages, Holdfast is
 * killed with SIGKILL at a random moment and started again, and then both sides must hold every
 * message once and in order. Used by `soak.ts` and the integration test.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '../../shared/problem.ts';
import { HostClient } from '../holdfast/host-client.ts';
import { type RunningHoldfast, startHoldfast } from '../holdfast/start-holdfast.ts';
import { connectStrophePeer, type StrophePeer } from '../peers/strophe-peer.ts';
import { seededRandom } from '../random.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';

/** When Holdfast comes back: while its BOSH session lives, or after the server has ended it. */
export type Return = 'within-inactivity' | 'after-inactivity';

export interface ExchangeOptions {
  readonly server: XmppServer;
  readonly returns: Return;
  readonly seed: number;
  /** Names of users of this server, used for nothing else. */
  readonly users: { readonly holdfast: string; readonly peer: string };
  /** Messages each way. */
  readonly count: number;
}

export interface ExchangeResult {
  readonly server: XmppServer['kind'];
  readonly returns: Return;
  readonly seed: number;
  /** How many messages both sides together had handed over when the kill came. */
  readonly killedAfter: number;
  readonly sidBefore: string;
  readonly sidAfter: string;
  readonly rung: string;
  /** What is wrong; empty is a proof. */
  readonly faults: readonly string[];
  /** What Holdfast said meanwhile, where there are faults. */
  readonly log: string;
  readonly milliseconds: number;
}

/** How the numbered messages read, so that order can be seen in the bodies. */
function body(side: 'holdfast' | 'peer', number: number): string {
  return `${side} ${String(number).padStart(3, '0')}`;
}

const LAST_WORD = 'that was all';

/** Runs one exchange; faults of Holdfast are in the result, faults of the surroundings are thrown. */
export async function runExchange(options: ExchangeOptions): Promise<ExchangeResult> {
  const began = performance.now();
  const dataFolder = await mkdtemp(join(tmpdir(), 'holdfast-data-'));
  const exchange = new Exchange(options, dataFolder);
  try {
    const outcome = await exchange.run();
    return {
      server: options.server.kind,
      returns: options.returns,
      seed: options.seed,
      ...outcome,
      log: outcome.faults.length === 0 ? '' : await readFile(join(dataFolder, 'shell.log'), 'utf8'),
      milliseconds: Math.round(performance.now() - began),
    };
  } finally {
    await exchange.end();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

class Exchange {
  readonly #options: ExchangeOptions;
  readonly #dataFolder: string;
  readonly #random: () => number;
  readonly #ids: readonly string[];
  #holdfast: RunningHoldfast | undefined;
  #client: HostClient | undefined;
  #peer: StrophePeer | undefined;
  #accountId = '';
  #handedOver = 0;
  #onHandedOver: () => void = () => {};

  constructor(options: ExchangeOptions, dataFolder: string) {
    this.#options = options;
    this.#dataFolder = dataFolder;
    this.#random = seededRandom(options.seed);
    this.#ids = Array.from({ length: options.count }, () => randomUUID());
  }

  async run() {
    const { server, users, count, returns } = this.#options;
    await this.#start();
    const { accountId } = await this.#host.run('accounts.add', {
      ...server.user(users.holdfast),
      endpoint: server.boshUrl,
    });
    this.#accountId = accountId;
    await this.#untilOnline();
    await this.#befriend();
    const sidBefore = this.#sid();

    const killAfter = 1 + Math.floor(this.#random() * (2 * count - 1));
    const killed = this.#killAfter(killAfter, this.#random() * 8);
    const back = killed.then(() => this.#comeBack());
    // Their failures are reported by `all` below, not as unhandled before it.
    back.catch(() => {});
    await Promise.all([this.#sendFromHoldfast(back), this.#sendFromPeer(), back]);
    await this.#untilOnline();
    const faults = await this.#settle();
    const sidAfter = this.#sid();
    const rung = this.#host.health.get(this.#accountId)?.rung?.name ?? 'none';
    if (returns === 'within-inactivity') {
      if (sidAfter !== sidBefore)
        faults.push(`the session was not gone on with: ${this.#reason()}`);
    } else if (sidAfter === sidBefore) {
      faults.push('the session is still the old one');
    }
    faults.push(...(await this.#compare()));
    return { killedAfter: killAfter, sidBefore, sidAfter, rung, faults };
  }

  async end(): Promise<void> {
    this.#client?.close();
    await this.#peer?.disconnect().catch(() => {});
    await this.#holdfast?.process.stop();
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

  async #start(): Promise<void> {
    this.#holdfast = await startHoldfast({ dataFolder: this.#dataFolder, temporary: true });
    this.#client = await HostClient.open(this.#holdfast);
  }

  #untilOnline(): Promise<void> {
    const account = () => this.#host.accounts.get(this.#accountId);
    return this.#host.until('online', () => {
      const { phase, problem } = account()?.connection ?? {};
      if (phase === 'failed') throw new Error(`sign-in failed: ${problem?.code}`);
      return phase === 'online';
    });
  }

  /** Both see the other's presence, so that the peer hears when the server ends Holdfast's session. */
  async #befriend(): Promise<void> {
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
    await this.#host.until('the request', () => contact()?.request === true || granted());
    if (!granted()) {
      await this.#host.run('contacts.accept', { accountId: this.#accountId, jid: bareJid });
    }
    await this.#peer.presence('Holdfast online', ({ type, from }) => {
      return type === undefined && from.startsWith(`${this.#holdfastJid}/`);
    });
  }

  #sid(): string {
    return this.#host.health.get(this.#accountId)?.sid ?? '';
  }

  #reason(): string {
    const { rung, lastProblem } = this.#host.health.get(this.#accountId) ?? {};
    return [rung?.name, rung?.reason, lastProblem?.code, lastProblem?.detail].join(', ');
  }

  #count(): void {
    this.#handedOver++;
    this.#onHandedOver();
  }

  /** Kills this many messages into the exchange, and a little later, so that it falls between events too. */
  async #killAfter(handedOver: number, delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onHandedOver = () => {
        if (this.#handedOver === handedOver) resolve();
      };
    });
    await sleep(delayMs);
    await this.#holdfast?.process.kill();
    this.#client?.close();
  }

  async #comeBack(): Promise<void> {
    if (this.#options.returns === 'after-inactivity') {
      await this.#other.presence('the session ended by the server', ({ type, from }) => {
        return type === 'unavailable' && from.startsWith(`${this.#holdfastJid}/`);
      });
    }
    await this.#start();
  }

  /** One command after the other; one whose answer never came is given again under the same id. */
  async #sendFromHoldfast(back: Promise<void>): Promise<void> {
    for (const [index, id] of this.#ids.entries()) {
      const input = {
        accountId: this.#accountId,
        jid: this.#other.bareJid,
        id,
        body: body('holdfast', index + 1),
      };
      try {
        await this.#host.run('messages.send', input);
      } catch (error) {
        if (error instanceof ProblemError) throw error;
        await back;
        await this.#host.run('messages.send', input);
      }
      this.#count();
      await sleep(this.#random() * 5);
    }
  }

  async #sendFromPeer(): Promise<void> {
    for (let number = 1; number <= this.#options.count; number++) {
      this.#other.send({
        to: this.#holdfastJid,
        body: body('peer', number),
        id: `${this.#options.users.peer}-${number}`,
        requestReceipt: true,
      });
      this.#count();
      await sleep(this.#random() * 5);
    }
  }

  /** Says a last word each way and waits until all has arrived; what was doubled arrived before it. */
  async #settle(): Promise<string[]> {
    const { count, returns } = this.#options;
    const faults: string[] = [];
    const waitFor = (promise: Promise<unknown>) =>
      promise.catch((error: Error) => faults.push(error.message));

    await this.#host.loadAll(this.#accountId, this.#other.bareJid);
    const outgoing = () => [...this.#host.messages.values()].filter((message) => message.outgoing);
    const incoming = () => [...this.#host.messages.values()].filter((message) => !message.outgoing);
    const settled = returns === 'within-inactivity' ? ['delivered'] : ['sent', 'delivered'];
    await waitFor(this.#other.bodyCount(count, 60_000));
    await waitFor(this.#host.until('all incoming messages', () => incoming().length >= count));
    await waitFor(
      this.#host.until(`all outgoing messages ${settled.join(' or ')}`, () =>
        outgoing().every(({ state }) => settled.includes(state)),
      ),
    );
    await this.#host.run('messages.send', {
      accountId: this.#accountId,
      jid: this.#other.bareJid,
      id: randomUUID(),
      body: LAST_WORD,
    });
    this.#other.send({ to: this.#holdfastJid, body: LAST_WORD, id: 'last-word' });
    await waitFor(this.#other.message('the last word', (message) => message.body === LAST_WORD));
    await waitFor(
      this.#host.until('the last word', () =>
        incoming().some((message) => message.body === LAST_WORD),
      ),
    );
    return faults;
  }

  async #compare(): Promise<string[]> {
    const { count } = this.#options;
    const stored = await this.#host.loadAll(this.#accountId, this.#other.bareJid);
    const bodies = (outgoing: boolean) =>
      stored.filter((message) => message.outgoing === outgoing).map((message) => message.body);
    const expected = (side: 'holdfast' | 'peer') => [
      ...Array.from({ length: count }, (_, index) => body(side, index + 1)),
      LAST_WORD,
    ];
    return [
      ...differences('peer received', this.#other.bodies(this.#holdfastJid), expected('holdfast')),
      ...differences('Holdfast received', bodies(false), expected('peer')),
      ...differences('Holdfast sent', bodies(true), expected('holdfast')),
    ];
  }
}

/** What differs, in words: missing, doubled, or the first place out of order. */
function differences(
  what: string,
  actual: readonly string[],
  expected: readonly string[],
): string[] {
  const missing = expected.filter((text) => !actual.includes(text));
  const doubled = actual.filter((text, index) => actual.indexOf(text) !== index);
  if (missing.length > 0 || doubled.length > 0) {
    return [
      ...(missing.length > 0
        ? [`${what}: ${missing.length} missing (${missing.slice(0, 5)})`]
        : []),
      ...(doubled.length > 0
        ? [`${what}: ${doubled.length} doubled (${doubled.slice(0, 5)})`]
        : []),
    ];
  }
  const misplaced = actual.findIndex((text, index) => text !== expected[index]);
  return misplaced < 0
    ? []
    : [`${what}: “${actual[misplaced]}” in the place of “${expected[misplaced]}”`];
}
