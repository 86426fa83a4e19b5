/**
 * One TCP or TLS connection of the Node HTTP adapter, opened ahead of need or for the request that needs it.
 * What comes goes to the exchange under way; a connection on which anything comes unasked is closed.
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

/** No connection is kept idle for longer, in ms; most servers close it earlier. */
const mostIdleMs = 600_000;

/** The exchange under way on a connection. */
export interface ConnectionUser {
  received(chunk: Buffer): void;
  /** Nothing more comes. May be called twice. */
  ended(error?: Error): void;
}

export class NodeConnection {
  readonly #origin: URL;
  readonly #settings: ConnectionSettings;
  readonly #ready: Promise<Socket>;
  readonly #closed = new AbortController();
  #socket: Socket | undefined;
  #proxy: ProxyAddress | undefined;
  #failed = false;
  #connected = false;
  #tls: TlsReading | undefined;
  #user: ConnectionUser | undefined;
  #idleSince = Number.POSITIVE_INFINITY;
  #idleMs = mostIdleMs;

  constructor(origin: URL, settings: ConnectionSettings) {
    this.#origin = origin;
    this.#settings = settings;
    this.#ready = this.#open();
    // Nobody may be waiting yet; whoever takes the connection hears of it.
    this.#ready.then(
      () => {
        this.#connected = true;
      },
      () => {
        this.#failed = true;
      },
    );
  }

  /** The proxy it goes through. */
  get proxy(): ProxyAddress | undefined {
    return this.#proxy;
  }

  /** Fit for another request, as far as is known: still being made, or open and not idle for too long. */
  get alive(): boolean {
    const socket = this.#socket;
    if (this.#failed || this.#closed.signal.aborted) return false;
    if (socket === undefined) return true;
    if (performance.now() > this.#idleSince + this.#idleMs) return false;
    return !socket.destroyed && !socket.readableEnded && socket.writable;
  }

  /** The socket to write to, where it is connected; who waits for it takes it by {@link take}. */
  get open(): Socket | undefined {
    return this.#connected ? this.#socket : undefined;
  }

  /** All that comes is this user's from now on. Rejects with what kept the connection from being made. */
  take(user: ConnectionUser): Promise<Socket> {
    this.use(user);
    return this.#ready;
  }

  /** As {@link take}, of an {@link open} connection. */
  use(user: ConnectionUser): void {
    this.#user = user;
    this.#idleSince = Number.POSITIVE_INFINITY;
    this.#socket?.ref();
  }

  /** This user is done; another may have followed. @param idleMs how long the server keeps it, where it said so */
  release(user: ConnectionUser, idleMs = mostIdleMs): void {
    if (this.#user !== user) return;
    this.#user = undefined;
    this.#idleMs = Math.min(idleMs, mostIdleMs);
    this.#idleSince = performance.now();
    this.#socket?.unref();
  }

  /** Whatever its state. */
  close(): void {
    this.#closed.abort();
    this.#socket?.destroy();
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
    if (this.#user === undefined) socket.unref();
    this.#listen(socket);
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

  #listen(socket: Socket): void {
    let failure: Error | undefined;
    socket.on('data', (chunk: Buffer) => {
      const user = this.#connected ? this.#user : undefined;
      // Nobody asked: it would be taken for the answer to what is asked next.
      if (user === undefined) socket.destroy();
      else user.received(chunk);
    });
    socket.on('error', (error) => {
      failure = error;
    });
    // Before it is connected, whoever waits for it hears why it was not.
    const ended = () => (this.#connected ? this.#user?.ended(failure) : undefined);
    socket.once('end', ended);
    socket.once('close', ended);
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
