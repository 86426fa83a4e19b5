/**
 * An HTTP server on loopback with one path for each thing a server or a network can do to an exchange.
 * The contract of the HTTP adapters runs against it.
 */
import { EventEmitter, once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import type { Certificate } from './throwaway-certificates.ts';

/** The answer of every path that answers well; not ASCII, so that its bytes and characters differ. */
export const goodBody = "<body xmlns='http://jabber.org/protocol/httpbind'>Grüße ✓</body>";

/** A request as it arrived. */
export interface Arrival {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Counts connections from 0: requests with the same number came on the same one. */
  readonly connection: number;
}

export class FaultyServer extends EventEmitter<{
  /** A whole request has arrived. */
  arrival: [Arrival];
  /** A connection has been made, TLS included. */
  connected: [number];
  /** A connection has closed. */
  closed: [number];
}> {
  readonly arrivals: Arrival[] = [];
  readonly #server: Server;
  readonly #sockets = new Map<Socket, number>();
  readonly #scheme: string;
  #connections = 0;

  private constructor(certificate: Certificate | undefined) {
    super();
    const answer = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#answer(request, response);
    this.#scheme = certificate === undefined ? 'http' : 'https';
    this.#server =
      certificate === undefined
        ? createServer(answer)
        : createTlsServer({ key: certificate.key, cert: certificate.cert }, answer);
    this.#server.keepAliveTimeout = 0;
    const event = certificate === undefined ? 'connection' : 'secureConnection';
    this.#server.on(event, (socket: Socket) => {
      const number = this.#connections;
      this.#connections += 1;
      this.#sockets.set(socket, number);
      this.emit('connected', number);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.emit('closed', number);
      });
    });
  }

  static async start(certificate?: Certificate): Promise<FaultyServer> {
    const server = new FaultyServer(certificate);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** The address of a path, by number or by the name `localhost`. */
  url(path: string, host = '127.0.0.1'): string {
    return `${this.#scheme}://${host}:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** How many connections have been made so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Ends every open connection in good order and waits until the client has ended it too. */
  async endConnections(): Promise<void> {
    await Promise.all([...this.#sockets.keys()].map((socket) => once(socket.end(), 'close')));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const path = request.url ?? '';
    const arrival: Arrival = {
      path,
      method: request.method ?? '',
      headers: request.headers,
      body: plain(Buffer.concat(chunks), request.headers['content-encoding']),
      connection: this.#sockets.get(socket) ?? -1,
    };
    this.arrivals.push(arrival);
    this.emit('arrival', arrival);
    const xml = (bytes: Uint8Array | string, headers: OutgoingHttpHeaders = {}): void =>
      void response
        .writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8', ...headers })
        .end(bytes);
    const coded = (coding: string, bytes: Uint8Array): void =>
      xml(bytes, { 'Content-Encoding': coding });
    const answers: Record<string, () => void> = {
      '/good': () => xml(goodBody, { 'Content-Length': String(Buffer.byteLength(goodBody)) }),
      '/chunked': () => {
        response.writeHead(200, { 'Content-Type': 'text/xml' });
        // The cut goes through the middle of a character.
        const at = goodBody.indexOf('ü') + 1;
        response.write(Buffer.from(goodBody).subarray(0, at));
        response.end(Buffer.from(goodBody).subarray(at));
      },
      '/silent': () => {},
      '/reset-before-head': () => socket.resetAndDestroy(),
      '/reset-in-body': () => {
        response.writeHead(200, { 'Content-Length': '1000' });
        response.write('<body', () => socket.resetAndDestroy());
      },
      '/truncated': () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<body'),
      '/truncated-chunk': () =>
        socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<body'),
      '/close-without-answer': () => socket.end(),
      '/not-http': () => socket.end('220 mail.example ESMTP\r\n\r\n'),
      '/http-1.0': () => socket.end(`HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n${goodBody}`),
      '/close-after': () => xml(goodBody, { Connection: 'close' }),
      '/large': () => xml('x'.repeat(100_000)),
      '/endless': () => {
        response.writeHead(200);
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(10_000)));
        };
        response.on('drain', more);
        more();
      },
      '/gzip': () => coded('gzip', gzipSync(goodBody)),
      '/deflate': () => coded('deflate', deflateSync(goodBody)),
      '/deflate-raw': () => coded('deflate', deflateRawSync(goodBody)),
      '/br': () => coded('br', brotliCompressSync(goodBody)),
      '/gzip-bomb': () => coded('gzip', gzipSync(Buffer.alloc(50_000_000))),
      '/gzip-broken': () => coded('gzip', gzipSync(goodBody).subarray(0, 20)),
      '/unknown-coding': () => coded('rot13', Buffer.from(goodBody)),
      '/not-utf8': () => xml(Buffer.from("<body xmlns='x'>Gr\xfc\xdfe</body>", 'latin1')),
      '/latin1-page': () =>
        void response
          .writeHead(200, { 'Content-Type': 'text/html; charset=iso-8859-1' })
          .end(Buffer.from('<html><title>Gr\xfc\xdfe</title></html>', 'latin1')),
      '/redirect': () => void response.writeHead(302, { Location: '/good' }).end(),
      '/busy': () => void response.writeHead(503, { 'Retry-After': '7' }).end('busy'),
      '/twice': () => xml(goodBody, { 'Set-Cookie': ['a=1', 'b=2'] }),
    };
    const path404 = () => void response.writeHead(404).end('nothing here');
    (answers[path] ?? path404)();
  }
}

function plain(bytes: Buffer, coding: string | undefined): string {
  return (coding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}
