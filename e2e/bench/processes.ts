/** The benchmark's child processes as `bosh.ts` drives them: one order, one answer. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Counted, Counts, RelayReply, RelayRequest } from './byte-relay.ts';
import type { PeerOrder, PeerReply } from './peer-process.ts';
import type { BenchAddress } from './peers/bench-peer.ts';

/** One child process with a question-and-answer channel. */
class Channel<Request extends object, Reply> {
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

/** A client kind in its own process; see `peer-process.ts`. */
export class PeerProcess {
  readonly #channel: Channel<PeerOrder, PeerReply>;

  private constructor(kind: string) {
    this.#channel = new Channel('peer-process.ts', kind);
  }

  static async connect(kind: string, sender: BenchAddress, receiver: BenchAddress) {
    const peer = new PeerProcess(kind);
    await peer.#order({ type: 'connect', sender, receiver }, 'connected');
    return peer;
  }

  async spaced(gaps: readonly number[]): Promise<readonly number[]> {
    return (await this.#order({ type: 'spaced', gaps }, 'latencies')).milliseconds;
  }

  async burst(count: number): Promise<number> {
    return (await this.#order({ type: 'burst', count }, 'burst-done')).milliseconds;
  }

  async close(): Promise<void> {
    await this.#order({ type: 'close' }, 'closed');
    this.#channel.end();
  }

  async #order<T extends PeerReply['type']>(
    order: PeerOrder,
    expected: T,
  ): Promise<Extract<PeerReply, { type: T }>> {
    const reply = await this.#channel.ask(order);
    if (reply.type === 'failed') throw new Error(reply.reason);
    if (reply.type !== expected) throw new Error(`${reply.type} in place of ${expected}`);
    return reply as Extract<PeerReply, { type: T }>;
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
