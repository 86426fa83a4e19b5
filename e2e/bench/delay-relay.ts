/** A loopback TCP relay that keeps every byte back for a while: a far server, as `tc netem` would make one. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class DelayRelay {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param oneWayMs how long each direction takes. */
  static async start(target: number, oneWayMs: number): Promise<DelayRelay> {
    const sockets = new Set<Socket>();
    const server = createServer((near) => {
      const far = connect(target, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from.setNoDelay(true));
        from.on('data', (bytes) => setTimeout(() => to.write(bytes), oneWayMs));
        from.on('close', () => setTimeout(() => to.destroy(), oneWayMs));
        from.on('error', () => from.destroy());
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DelayRelay(server, sockets);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
