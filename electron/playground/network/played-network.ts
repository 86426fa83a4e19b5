/**
 * The network in front of the playground's connection manager: passes bytes on as a good one does, or as bad
 * ones do, so that the connection's health can be seen at work. It loses nothing a real one would not.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { PlaygroundNetwork } from '../../../shared/playground.ts';
import { PORTAL_ANSWER } from './portal-answer.ts';

/** On a slow network bytes take this long each way, in ms. */
const SLOW_MS = 700;
/** A cutting network ends every connection at an age between these, in ms. */
const CUT_MS = [2_000, 5_000] as const;
/** A buffering network hands over what came back this often, in ms. */
const BUFFER_MS = 2_000;

export class PlayedNetwork {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #random: () => number;
  readonly #connections = new Set<Connection>();
  #kind: PlaygroundNetwork = 'good';

  private constructor(targetPort: number, random: () => number) {
    this.#targetPort = targetPort;
    this.#random = random;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** In front of a port on loopback; good until told otherwise. */
  static async start(targetPort: number, random: () => number): Promise<PlayedNetwork> {
    const network = new PlayedNetwork(targetPort, random);
    network.#server.listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    return network;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get kind(): PlaygroundNetwork {
    return this.#kind;
  }

  /** Moves to another network, where no connection of the last one goes on. */
  change(kind: PlaygroundNetwork): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.#cutAll();
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#cutAll();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    const connection = new Connection(client, this.#kind, this.#targetPort, this.#random);
    this.#connections.add(connection);
    client.on('close', () => this.#connections.delete(connection));
  }

  #cutAll(): void {
    for (const connection of this.#connections) connection.cut();
  }
}

/** One connection of a client's on one kind of network. */
class Connection {
  readonly #client: Socket;
  #manager: Socket | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(client: Socket, kind: PlaygroundNetwork, port: number, random: () => number) {
    this.#client = client;
    client.setNoDelay(true);
    client.on('error', () => {});
    client.on('close', () => this.cut());
    if (kind === 'portal') {
      client.once('data', () => client.end(PORTAL_ANSWER));
      return;
    }
    const manager = connect(port, '127.0.0.1');
    this.#manager = manager;
    manager.setNoDelay(true);
    manager.on('error', () => {});
    if (kind === 'slow') {
      this.#delay(client, manager);
      this.#delay(manager, client);
    } else if (kind === 'buffering') {
      client.pipe(manager);
      this.#buffer(manager, client);
    } else {
      client.pipe(manager);
      manager.pipe(client);
      manager.on('close', () => client.end());
    }
    const [least, most] = CUT_MS;
    if (kind === 'cutting') this.#after(least + random() * (most - least), () => this.cut());
  }

  cut(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    if (!this.#client.destroyed) this.#client.resetAndDestroy();
    this.#manager?.destroy();
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  /** All takes as long, so it stays in order. */
  #delay(from: Socket, to: Socket): void {
    from.on('data', (chunk) => this.#after(SLOW_MS, () => to.write(chunk)));
    from.on('close', () => this.#after(SLOW_MS, () => to.end()));
  }

  #buffer(from: Socket, to: Socket): void {
    const kept: Buffer[] = [];
    const handOver = () => {
      for (const chunk of kept.splice(0)) to.write(chunk);
    };
    const timer = setInterval(handOver, BUFFER_MS);
    this.#timers.add(timer);
    from.on('data', (chunk) => kept.push(chunk));
    from.on('close', () => {
      handOver();
      to.end();
    });
  }
}
