/**
 * One TCP or TLS connection of the Node HTTP adapter, opened ahead of need or when undici asks for one.
 * It knows what undici does not tell: the byte counters, the HTTP version and what TLS says of the peer.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, TLSSocket } from 'node:tls';
import type { ProxyAddress } from '../../shared/proxy.ts';
import type { TlsReading } from './http-exchange.ts';
import type { ProxyDialer } from './proxies/proxy-dialer.ts';

/** What all connections of one exchange share. */
export interface ConnectionSettings {
  /** Trust anchors; absent: Node's own. */
  readonly secureContext: SecureContext | undefined;
  /** TLS sessions by host and port, so that a new connection resumes instead of shaking hands in full. */
  readonly tlsSessions: Map<string, Buffer>;
  /** Opens connections by way of proxies; absent: there are none. */
  readonly dialer?: ProxyDialer | undefined;
}

/** Keeps idle connections known to NATs and finds dead ones without sending anything a server could answer. */
const keepAliveAfterMs = 30_000;

export class NodeConnection {
  readonly #ready: Promise<Socket>;
  readonly #closed = new AbortController();
  #socket: Socket | undefined;
  #proxy: ProxyAddress | undefined;
  #failed = false;
  #taken = false;
  #head = '';
  #tls: TlsReading | undefined;

  constructor(origin: URL, settings: ConnectionSettings) {
    const dialed = settings.dialer?.dial(origin, this.#closed.signal);
    if (dialed === undefined) this.#ready = this.#adopt(open(origin, settings));
    else {
      this.#ready = dialed.then((way) => {
        if (way.through === 'nothing') {
          return this.#adopt(open(origin, settings)).catch((error: unknown) => {
            throw way.problem ?? error;
          });
        }
        this.#proxy = way.through;
        return this.#adopt(open(origin, settings, way.socket));
      });
    }
    // Nobody may be waiting yet; whoever takes the connection hears of it.
    this.#ready.catch(() => {
      this.#failed = true;
    });
  }

  /** Once it is there: from {@link take} on. */
  get socket(): Socket {
    if (this.#socket === undefined) throw new Error('the connection is still being made');
    return this.#socket;
  }

  /** The proxy it goes through. */
  get proxy(): ProxyAddress | undefined {
    return this.#proxy;
  }

  /** Opened ahead of need, not yet taken and, as far as is known, alive. */
  get spare(): boolean {
    return !this.#taken && !this.#failed && this.#socket?.destroyed !== true;
  }

  /** Fit for another request. */
  get alive(): boolean {
    const socket = this.#socket;
    if (socket === undefined) return !this.#failed;
    return !socket.destroyed && !socket.readableEnded && socket.writable;
  }

  /** Hands the socket over for good once it is connected; rejects with what kept it from connecting. */
  take(): Promise<Socket> {
    this.#taken = true;
    this.#socket?.ref();
    return this.#ready;
  }

  /** Whatever its state. */
  close(): void {
    this.#closed.abort();
    this.#socket?.destroy();
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

  /** Resolves once it is connected. */
  #adopt(socket: Socket): Promise<Socket> {
    this.#socket = socket;
    if (this.#closed.signal.aborted) socket.destroy();
    socket.setNoDelay(true).setKeepAlive(true, keepAliveAfterMs);
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => resolve(socket));
    socket.once('error', reject);
    // A spare connection does not keep the process alive.
    if (!this.#taken) socket.unref();
    this.#watchHeads(socket);
    return promise;
  }

  /** undici reads the socket by `read()` and keeps the version to itself: look at what passes. */
  #watchHeads(socket: Socket): void {
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

/** @param tunnel ends at the server already. */
function open(origin: URL, settings: ConnectionSettings, tunnel?: Socket): Socket {
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  if (origin.protocol === 'http:') {
    return tunnel ?? connectTcp({ host, port: Number(origin.port || 80) });
  }
  const { secureContext, tlsSessions } = settings;
  const session = tlsSessions.get(origin.host);
  const socket = connectTls({
    ...{ host, port: Number(origin.port || 443) },
    ...(tunnel === undefined ? {} : { socket: tunnel }),
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
