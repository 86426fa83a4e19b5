/**
 * One TCP or TLS connection of the Node HTTP adapter, opened ahead of need or when undici asks for one.
 * It knows what undici does not tell: the byte counters, the HTTP version and what TLS says of the peer.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, TLSSocket } from 'node:tls';
import type { TlsReading } from './http-exchange.ts';

/** What all connections of one exchange share. */
export interface ConnectionSettings {
  /** Trust anchors; absent: Node's own. */
  readonly secureContext: SecureContext | undefined;
  /** TLS sessions by host and port, so that a new connection resumes instead of shaking hands in full. */
  readonly tlsSessions: Map<string, Buffer>;
}

/** Keeps idle connections known to NATs and finds dead ones without sending anything a server could answer. */
const keepAliveAfterMs = 30_000;

export class NodeConnection {
  readonly socket: Socket;
  readonly #ready: Promise<Socket>;
  #taken = false;
  #head = '';
  #tls: TlsReading | undefined;

  constructor(origin: URL, settings: ConnectionSettings) {
    this.socket = open(origin, settings);
    this.socket.setNoDelay(true).setKeepAlive(true, keepAliveAfterMs);
    const event = this.socket instanceof TLSSocket ? 'secureConnect' : 'connect';
    this.#ready = new Promise((resolve, reject) => {
      this.socket.once(event, () => resolve(this.socket));
      this.socket.once('error', reject);
    });
    // Nobody may be waiting yet; whoever takes the connection hears of it.
    this.#ready.catch(() => {});
    // A spare connection does not keep the process alive.
    this.socket.unref();
    this.#watchHeads();
  }

  /** Opened ahead of need, not yet taken and, as far as is known, alive. */
  get spare(): boolean {
    return !this.#taken && !this.socket.destroyed;
  }

  /** Fit for another request. */
  get alive(): boolean {
    return !this.socket.destroyed && !this.socket.readableEnded && this.socket.writable;
  }

  /** Hands the socket over for good once it is connected; rejects with what kept it from connecting. */
  take(): Promise<Socket> {
    this.#taken = true;
    this.socket.ref();
    return this.#ready;
  }

  /** To be called before each request: the next answer begins with a new head. */
  expectAnswer(): void {
    this.#head = '';
  }

  /** The version in the status line of the last answer. */
  get httpVersion(): string {
    return this.#head.startsWith('HTTP/1.0') ? '1.0' : '1.1';
  }

  /** What TLS told about the peer, read once. */
  get tls(): TlsReading | undefined {
    if (this.#tls === undefined && this.socket instanceof TLSSocket) {
      this.#tls = tlsReading(this.socket);
    }
    return this.#tls;
  }

  /** undici reads the socket by `read()` and keeps the version to itself: look at what passes. */
  #watchHeads(): void {
    const { socket } = this;
    const read = socket.read.bind(socket);
    socket.read = (size?: number) => {
      const chunk = read(size);
      if (chunk !== null && this.#head.length < 8) {
        this.#head += (chunk as Buffer).toString('latin1', 0, 8 - this.#head.length);
      }
      return chunk;
    };
  }
}

function open(origin: URL, settings: ConnectionSettings): Socket {
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  if (origin.protocol === 'http:') {
    return connectTcp({ host, port: Number(origin.port || 80) });
  }
  const { secureContext, tlsSessions } = settings;
  const session = tlsSessions.get(origin.host);
  const socket = connectTls({
    host,
    port: Number(origin.port || 443),
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(secureContext === undefined ? {} : { secureContext }),
    ...(session === undefined ? {} : { session }),
  });
  return socket.on('session', (ticket) => tlsSessions.set(origin.host, ticket));
}

function tlsReading(socket: TLSSocket): TlsReading {
  const { issuer, valid_to: validTo, fingerprint256: fingerprint } = socket.getPeerCertificate();
  const name = [issuer?.O ?? issuer?.CN].flat()[0];
  const cipher = socket.getCipher()?.name;
  return {
    protocol: socket.getProtocol() ?? 'TLS',
    ...(cipher === undefined ? {} : { cipher }),
    ...(name === undefined ? {} : { issuer: name }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(validTo === undefined ? {} : { validTo: new Date(validTo).toISOString() }),
  };
}
