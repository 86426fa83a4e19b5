/** A TCP line between a client and the relay that can be cut: every connection through it is reset at once. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class CuttingLine {
  readonly #server: Server;
  readonly #near: Set<Socket>;
  readonly boshUrl: string;

  private constructor(server: Server, near: Set<Socket>, target: string) {
    this.#server = server;
    this.#near = near;
    const url = new URL(target);
    url.port = String((server.address() as AddressInfo).port);
    this.boshUrl = url.href;
  }

  static async start(target: string): Promise<CuttingLine> {
    const { hostname, port } = new URL(target);
    const open = new Set<Socket>();
    const server = createServer({ noDelay: true }, (near) => {
      const far = connect({ host: hostname, port: Number(port), noDelay: true });
      open.add(near);
      near.on('close', () => open.delete(near));
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('error', () => {});
        from.on('close', () => to.destroy());
        from.pipe(to);
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CuttingLine(server, open, target);
  }

  /** Connections through it now. */
  get connections(): number {
    return this.#near.size;
  }

  /** Resets them; new ones may come. */
  cut(): void {
    for (const socket of this.#near) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    this.cut();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
