/** A connection manager on a loopback port, and connections to it by hand. For its tests. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { encodeBody, XBOSH_PREFIX } from '../../protocol/body.ts';
import {
  type ConnectionManager,
  type ConnectionManagerOptions,
  createConnectionManager,
} from '../connection-manager.ts';
import { createHttpEdge, type HttpEdgeOptions, MANAGER_SERVER_OPTIONS } from '../http-edge.ts';
import { echoUpstream } from './scripted-upstream.ts';

type Attributes = Readonly<Record<string, string | number | undefined>>;

const cleanups: (() => unknown)[] = [];

/** To be called once by a test file: what a test starts ends with it. */
export function endWithEachTest(): void {
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
}

/** Runs when the test is over. */
export function afterwards(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** One answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly version: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly text: string;
}

export class ServedManager {
  readonly manager: ConnectionManager;
  readonly server: Server;
  readonly port: number;

  private constructor(manager: ConnectionManager, server: Server) {
    this.manager = manager;
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(
    options: Partial<ConnectionManagerOptions> = {},
    edge: HttpEdgeOptions = {},
  ): Promise<ServedManager> {
    const manager = createConnectionManager({ upstream: echoUpstream(), ...options });
    const listener = createHttpEdge(manager, edge);
    const server = createServer(MANAGER_SERVER_OPTIONS, (request, response) => {
      if (!listener(request, response)) response.writeHead(404).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    afterwards(async () => {
      await manager.close();
      server.close();
      server.closeAllConnections();
    });
    return new ServedManager(manager, server);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/http-bind`;
  }

  /** A connection of its own. */
  async connect(): Promise<Wire> {
    const socket = connect(this.port, '127.0.0.1');
    afterwards(() => socket.destroy());
    await once(socket, 'connect');
    return new Wire(socket);
  }

  /** Posts a body over a connection of its own. */
  async post(body: string | Buffer, headers: Attributes = {}): Promise<WireAnswer> {
    const wire = await this.connect();
    wire.post(body, headers);
    return wire.next();
  }

  /** Opens a session with rids from 100 on. @returns its sid. */
  async open(attributes: Attributes = {}): Promise<string> {
    const { text } = await this.post(creation(attributes));
    return / sid='([^']+)'/u.exec(text)?.[1] ?? '';
  }
}

/** A session creation request. */
export function creation(attributes: Attributes = {}): string {
  const asked = { rid: 100, to: 'example.org', ver: '1.11', wait: 60, hold: 1 };
  return encodeBody({ ...asked, 'xmpp:version': '1.0', ...XBOSH_PREFIX, ...attributes }, '');
}

/** A connection on which bytes are written and answers read one after the other. */
export class Wire {
  readonly socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #more = Promise.withResolvers<void>();
  #isClosed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wakeUp();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wakeUp();
    });
  }

  /** Resolves when it is closed, in good order or not. */
  get closed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isClosed) resolve();
      else this.socket.once('close', () => resolve());
    });
  }

  post(body: string | Buffer, headers: Attributes = {}, version = '1.1'): void {
    const length = Buffer.byteLength(body);
    const all = { Host: 'localhost', 'Content-Length': length, ...headers };
    const lines = Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}: ${value}\r\n`],
    );
    const head = `POST /http-bind HTTP/${version}\r\n${lines.join('')}\r\n`;
    this.socket.write(Buffer.concat([Buffer.from(head), Buffer.from(body)]));
  }

  /** The next answer. @throws where the connection closes before. */
  async next(): Promise<WireAnswer> {
    for (;;) {
      const answer = this.#take();
      if (answer) return answer;
      if (this.#isClosed) throw new Error('closed without an answer');
      await this.#more.promise;
    }
  }

  #take(): WireAnswer | undefined {
    const headEnd = this.#bytes.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    const [first = '', ...lines] = this.#bytes
      .subarray(0, headEnd)
      .toString('latin1')
      .split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const end = headEnd + 4 + Number(headers['content-length'] ?? 0);
    if (this.#bytes.length < end) return undefined;
    const bytes = this.#bytes.subarray(headEnd + 4, end);
    this.#bytes = this.#bytes.subarray(end);
    const [, version = '', status = ''] = /^HTTP\/(\S+) (\d+)/u.exec(first) ?? [];
    return { status: Number(status), version, headers, bytes, text: bytes.toString() };
  }

  #wakeUp(): void {
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }
}
