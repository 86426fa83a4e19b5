/**
 * A loopback TCP relay that serves one connection at a time: any other is taken and left without a word for
 * good, as a gateway does that counts connections. It can be told to serve all that come from now on.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';

export class SingleWire {
  readonly port: number;
  /** How many connections were left hanging. */
  hanging = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #served = 0;
  #most = 1;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => {
      this.#keep(near);
      if (this.#served < this.#most) this.#serve(near, target);
      else {
        this.hanging += 1;
        near.resume();
      }
    });
  }

  /** Leads to this loopback port. */
  static async to(target: number): Promise<SingleWire> {
    const server = createServer({ noDelay: true }).listen(0, HOST);
    await once(server, 'listening');
    return new SingleWire(server, target);
  }

  /** Every new connection is served from now on. */
  heal(): void {
    this.#most = Number.POSITIVE_INFINITY;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(near: Socket, target: number): void {
    this.#served += 1;
    const far = this.#keep(connect({ host: HOST, port: target, noDelay: true }));
    near.pipe(far).pipe(near);
    near.on('close', () => {
      this.#served -= 1;
      far.destroy();
    });
    far.on('close', () => near.destroy());
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    return socket;
  }
}
