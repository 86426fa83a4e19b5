/** An XMPP server for the upstream's tests that says what the test tells it to, over a real socket. */
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Certificate } from '../../../../network/throwaway-certificates.ts';

export class ScriptedServer {
  readonly port: number;
  readonly #server: Server;
  readonly #accepted: ScriptedConnection[] = [];
  readonly #events = new EventEmitter<{ accepted: [] }>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => {
      this.#accepted.push(new ScriptedConnection(socket));
      this.#events.emit('accepted');
    });
  }

  static async start(): Promise<ScriptedServer> {
    // Half open: what the other side leaves open shows.
    const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedServer(server);
  }

  /** Connections so far. */
  get accepted(): number {
    return this.#accepted.length;
  }

  /** The next one that the test has not seen, once it is there. */
  async connection(): Promise<ScriptedConnection> {
    for (;;) {
      const next = this.#accepted.find((connection) => !connection.isTaken);
      if (next) {
        next.isTaken = true;
        return next;
      }
      await once(this.#events, 'accepted');
    }
  }

  async stop(): Promise<void> {
    for (const connection of this.#accepted) connection.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}

export class ScriptedConnection {
  /** Everything received since the last `heard`. */
  received = '';
  isTaken = false;
  hasEnded = false;
  isClosed = false;
  readonly #events = new EventEmitter<{ change: [] }>();
  #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Waits until this has been received; what came up to its end is forgotten and returned. */
  async heard(part: string | RegExp): Promise<string> {
    for (;;) {
      const match = typeof part === 'string' ? find(this.received, part) : part.exec(this.received);
      if (match) {
        const end = match.index + match[0].length;
        const text = this.received.slice(0, end);
        this.received = this.received.slice(end);
        return text;
      }
      await once(this.#events, 'change');
    }
  }

  /** Waits until the other side has ended its direction. */
  async ended(): Promise<void> {
    while (!this.hasEnded && !this.isClosed) await once(this.#events, 'change');
  }

  async closed(): Promise<void> {
    while (!this.isClosed) await once(this.#events, 'change');
  }

  /** Waits until nobody holds the other end any more: then what is sent there is refused. */
  async abandoned(): Promise<void> {
    const knocking = setInterval(() => this.say(' '), 5);
    await this.closed();
    clearInterval(knocking);
  }

  say(text: string): void {
    this.#socket.write(text);
  }

  /** Answers the header that was just heard. */
  sayHeader(features: string, from = 'localhost'): void {
    this.say(
      `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='${from}' version='1.0'><stream:features>${features}</stream:features>`,
    );
  }

  /** Hears a header and answers it. */
  async open(features: string): Promise<void> {
    await this.heard(/<stream:stream [^>]*>/u);
    this.sayHeader(features);
  }

  /** Speaks TLS from here on. @returns once the handshake is done, with the name that was asked for and the protocol. */
  async encrypt(certificate: Certificate): Promise<{ name: unknown; protocol: unknown }> {
    const plain = this.#socket;
    plain.removeAllListeners('data');
    const encrypted = new TLSSocket(plain, {
      ...certificate,
      isServer: true,
      ALPNProtocols: ['xmpp-client'],
    });
    this.#socket = encrypted;
    this.received = '';
    this.#listen(encrypted);
    await once(encrypted, 'secure');
    return {
      name: (encrypted as { servername?: unknown }).servername,
      protocol: encrypted.alpnProtocol,
    };
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  get unsent(): number {
    return this.#socket.writableLength;
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #listen(socket: Socket): void {
    socket.on('data', (bytes) => {
      this.received += bytes.toString();
      this.#events.emit('change');
    });
    socket.on('end', () => {
      this.hasEnded = true;
      this.#events.emit('change');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.#events.emit('change');
    });
  }
}

function find(text: string, part: string): { readonly index: number; readonly 0: string } | null {
  const index = text.indexOf(part);
  return index < 0 ? null : { index, 0: part };
}
