/**
 * One TCP or TLS connection of the Node HTTP adapter, opened ahead of need or when undici asks for one.
 * It knows what undici does not tell: the byte counters, the HTTP version and what TLS says of the peer.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { ProblemError } from '../../shared/problem.ts';
import type { ProxyAddress } from '../../shared/proxy.ts';
import type { PeerTrust } from './certificates/peer-trust.ts';
import type { TlsReading } from './http-exchange.ts';
import type { ProxyDialer } from './proxies/proxy-dialer.ts';

/** What all connections of one exchange share. */
export interface ConnectionSettings {
  /** Whom TLS servers are believed. */
  readonly trust: PeerTrust;
  /** TLS sessions by host and port, so that a new connection resumes instead of shaking hands in full. */
  readonly tlsSessions: Map<string, TlsSession>;
  /** Opens connections by way of proxies; absent: there are none. */
  readonly dialer?: ProxyDialer | undefined;
}

/** A session that was trusted; one that is resumed does not show its certificates again. */
interface TlsSession {
  readonly ticket: Buffer;
  readonly reading: TlsReading;
}

/** Keeps idle connections known to NATs and finds dead ones without sending anything a server could answer. */
const keepAliveAfterMs = 30_000;

export class NodeConnection {
  readonly #origin: URL;
  readonly #settings: ConnectionSettings;
  readonly #ready: Promise<Socket>;
  readonly #closed = new AbortController();
  #socket: Socket | undefined;
  #proxy: ProxyAddress | undefined;
  #failed = false;
  #taken = false;
  #head = '';
  #tls: TlsReading | undefined;

  constructor(origin: URL, settings: ConnectionSettings) {
    this.#origin = origin;
    this.#settings = settings;
    this.#ready = this.#open();
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

  /** What TLS told about the peer. */
  get tls(): TlsReading | undefined {
    return this.#tls;
  }

  #open(): Promise<Socket> {
    const { dialer } = this.#settings;
    const dialed = dialer?.dial(this.#origin, this.#closed.signal);
    if (dialed === undefined) return this.#adopt();
    return dialed.then((way) => {
      if (way.through === 'nothing') {
        return this.#adopt().catch((error: unknown) => {
          throw error instanceof ProblemError ? error : (way.problem ?? error);
        });
      }
      this.#proxy = way.through;
      return this.#adopt(way.socket);
    });
  }

  /** Resolves once it is connected and trusted. @param tunnel ends at the server already. */
  #adopt(tunnel?: Socket): Promise<Socket> {
    const socket = open(this.#origin, this.#settings, tunnel);
    this.#socket = socket;
    if (this.#closed.signal.aborted) socket.destroy();
    socket.setNoDelay(true).setKeepAlive(true, keepAliveAfterMs);
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    if (socket instanceof TLSSocket) this.#judge(socket).then(resolve, reject);
    else socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
    // A spare connection does not keep the process alive.
    if (!this.#taken) socket.unref();
    this.#watchHeads(socket);
    return promise;
  }

  async #judge(socket: TLSSocket): Promise<Socket> {
    const { trust, tlsSessions } = this.#settings;
    const { host: name } = this.#origin;
    let ticket: Buffer | undefined;
    /** Only a connection that was trusted may spare the next one its handshake. */
    const keep = (): void => {
      if (ticket && this.#tls) tlsSessions.set(name, { ticket, reading: this.#tls });
    };
    socket.on('session', (session) => {
      ticket = session;
      keep();
    });
    await new Promise<void>((resolve) => socket.once('secureConnect', resolve));
    const before = socket.isSessionReused() ? tlsSessions.get(name)?.reading : undefined;
    try {
      const trusted = before ?? trust.judge(socket, hostOf(this.#origin));
      this.#tls = trusted && { ...before, ...tlsReading(socket), ...trusted };
    } catch (error) {
      socket.destroy();
      throw error;
    }
    keep();
    if (this.#tls !== undefined) return socket;
    // Once more, with more roots.
    socket.destroy();
    this.#socket = undefined;
    return this.#open();
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
  const host = hostOf(origin);
  if (origin.protocol === 'http:') {
    return tunnel ?? connectTcp({ host, port: Number(origin.port || 80) });
  }
  const { trust, tlsSessions } = settings;
  const session = tlsSessions.get(origin.host)?.ticket;
  return connectTls({
    ...{ host, port: Number(origin.port || 443), ALPNProtocols: ['http/1.1'] },
    ...trust.optionsFor(host),
    ...(tunnel === undefined ? {} : { socket: tunnel }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(session === undefined ? {} : { session }),
  });
}

function hostOf(origin: URL): string {
  return origin.hostname.replace(/^\[|\]$/g, '');
}

function tlsReading(socket: TLSSocket): TlsReading {
  const { issuer, valid_to: validTo } = socket.getPeerCertificate();
  const name = [issuer?.O ?? issuer?.CN].flat()[0];
  const cipher = socket.getCipher()?.name;
  return {
    protocol: socket.getProtocol() ?? 'TLS',
    ...(cipher === undefined ? {} : { cipher }),
    ...(name === undefined ? {} : { issuer: name }),
    ...(validTo === undefined ? {} : { validTo: new Date(validTo).toISOString() }),
  };
}
