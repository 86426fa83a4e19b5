/**
 * A loopback TCP relay that passes on what is answered at once, and keeps back for good what comes later on a
 * connection: a gateway that waits for the end of an answer it takes for a slow one. It can be told to pass on all.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';
/** An answer that comes later than this after the request is kept back, in ms. */
const PATIENCE_MS = 1_000;

export class HoldingBackWire {
  readonly port: number;
  /** How many answers were kept back. */
  kept = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isHealed = false;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => this.#join(near, target));
  }

  /** Leads to this loopback port. */
  static async to(target: number): Promise<HoldingBackWire> {
    const server = createServer({ noDelay: true }).listen(0, HOST);
    await once(server, 'listening');
    return new HoldingBackWire(server, target);
  }

  /** Everything is passed on from now on. */
  heal(): void {
    this.#isHealed = true;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket, target: number): void {
    const far = connect({ host: HOST, port: target, noDelay: true });
    let askedAt = 0;
    near.on('data', (chunk) => {
      askedAt = performance.now();
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (this.#isHealed || performance.now() - askedAt < PATIENCE_MS) near.write(chunk);
      else this.kept += 1;
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}
