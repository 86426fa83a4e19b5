/** The benchmarks' child processes as `bosh.ts` and `relay.ts` drive them: one order, one answer. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Counted, Counts, RelayReply, RelayRequest } from './byte-relay.ts';
import type { MessageTime, PeerOrder, PeerReply } from './peer-process.ts';
import type { BenchAddress } from './peers/bench-peer.ts';

/** One child process with a question-and-answer channel. */
export class Channel<Request extends object, Reply> {
  readonly #child: ChildProcess;

  constructor(file: string, argument = '') {
    const script = fileURLToPath(new URL(file, import.meta.url));
    this.#child = fork(script, [argument], { execArgv: [] });
  }

  async ask(request: Request): Promise<Reply> {
    const answered = new AbortController();
    const { signal } = answered;
    const ended = once(this.#child, 'exit', { signal }).then(([code]) => {
      throw new Error(`a process of the benchmark ended with ${code}`);
    });
    this.#child.send(request);
    const [reply] = await Promise.race([once(this.#child, 'message', { signal }), ended]);
    ended.catch(() => {});
    answered.abort();
    return reply as Reply;
  }

  end(): void {
    this.#child.disconnect();
  }
}

/** Two clients of one kind, each in its own process; see `peer-process.ts`. */
export class PeerPair {
  readonly #sender: PeerProcess;
  readonly #receiver: PeerProcess;
  readonly #to: string;
  #run = 0;

  private constructor(sender: PeerProcess, receiver: PeerProcess, to: string) {
    this.#sender = sender;
    this.#receiver = receiver;
    this.#to = to;
  }

  static async connect(kind: string, from: BenchAddress, to: BenchAddress): Promise<PeerPair> {
    const [sender, receiver] = [new PeerProcess(kind), new PeerProcess(kind)];
    await sender.order({ type: 'connect', address: from }, 'connected');
    const { jid } = await receiver.order({ type: 'connect', address: to }, 'connected');
    return new PeerPair(sender, receiver, jid);
  }

  /** One message after each gap; the one-way latency of each, in ms. */
  async spaced(gaps: readonly number[]): Promise<number[]> {
    const tag = this.#newTag();
    const arrive = this.#arrivals(tag, gaps.length);
    const sent = await this.#sender.order(
      { type: 'send-spaced', to: this.#to, tag, gaps },
      'times',
    );
    const sentAt = new Map(sent.times.map(({ id, at }) => [id, at]));
    return (await arrive).map(({ id, at }) => at - (sentAt.get(id) ?? Number.NaN));
  }

  /** All at once; from the first hand-over to the last arrival, in ms. */
  async burst(count: number): Promise<number> {
    const tag = this.#newTag();
    const arrive = this.#arrivals(tag, count);
    const sent = await this.#sender.order(
      { type: 'send-burst', to: this.#to, tag, count },
      'times',
    );
    const arrived = await arrive;
    const misplaced = arrived.findIndex(({ id }, index) => id !== sent.times[index]?.id);
    if (misplaced >= 0)
      throw new Error(`${arrived[misplaced]?.id} arrived in place of ${misplaced}`);
    return (arrived.at(-1)?.at ?? Number.NaN) - (sent.times[0]?.at ?? Number.NaN);
  }

  async close(): Promise<void> {
    for (const peer of [this.#sender, this.#receiver]) {
      await peer.order({ type: 'close' }, 'closed');
      peer.end();
    }
  }

  #newTag(): string {
    return `run${this.#run++}`;
  }

  async #arrivals(tag: string, count: number): Promise<readonly MessageTime[]> {
    return (await this.#receiver.order({ type: 'await', tag, count }, 'times')).times;
  }
}

class PeerProcess {
  readonly #channel: Channel<PeerOrder, PeerReply>;

  constructor(kind: string) {
    this.#channel = new Channel('peer-process.ts', kind);
  }

  async order<T extends PeerReply['type']>(
    order: PeerOrder,
    expected: T,
  ): Promise<Extract<PeerReply, { type: T }>> {
    const reply = await this.#channel.ask(order);
    if (reply.type === 'failed') throw new Error(reply.reason);
    if (reply.type !== expected) throw new Error(`${reply.type} in place of ${expected}`);
    return reply as Extract<PeerReply, { type: T }>;
  }

  end(): void {
    this.#channel.end();
  }
}

/** The byte-counting relay in its own process; see `byte-relay.ts`. */
export class Relay {
  readonly #channel = new Channel<RelayRequest, RelayReply>('byte-relay.ts');

  /** The same address, led through the counter. */
  async through(counter: Counted, { boshUrl, webSocketUrl, tcpPort, ...rest }: BenchAddress) {
    return {
      ...rest,
      boshUrl: await this.#reroute(counter, boshUrl),
      webSocketUrl: await this.#reroute(counter, webSocketUrl),
      tcpPort: await this.#listen(counter, tcpPort),
    };
  }

  async counts(): Promise<Counts> {
    const reply = await this.#channel.ask({ type: 'read' });
    if (reply.type !== 'counts') throw new Error('the relay does not count');
    return reply.counts;
  }

  stop(): void {
    this.#channel.end();
  }

  async #reroute(counter: Counted, address: string): Promise<string> {
    const url = new URL(address);
    url.port = String(await this.#listen(counter, Number(url.port)));
    return url.href;
  }

  async #listen(counter: Counted, port: number): Promise<number> {
    const reply = await this.#channel.ask({ type: 'listen', counter, port });
    if (reply.type !== 'listening') throw new Error('the relay does not listen');
    return reply.port;
  }
}
