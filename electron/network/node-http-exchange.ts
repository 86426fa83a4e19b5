/**
 * The HTTP port on Node, over undici: one `Client` per lane and origin, so a BOSH session has at most
 * two keep-alive connections (XEP-0124 §4). The browser shell, the benchmarks and the tests use it.
 */
import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { ProblemError } from '../../shared/problem.ts';
import { decoded, textOf } from './answer-text.ts';
import { PeerTrust } from './certificates/peer-trust.ts';
import { RootStore } from './certificates/root-store.ts';
import { type TrustSettings, usualTrust } from './certificates/trust-settings.ts';
import type { HttpExchange, HttpRequest, HttpResponse } from './http-exchange.ts';
import { networkProblem } from './network-problem.ts';
import { type ConnectionSettings, NodeConnection } from './node-connection.ts';
import { nodeFailure } from './node-failure.ts';
import { ProxyDialer, type ProxyDialerOptions } from './proxies/proxy-dialer.ts';
import { wireBody } from './request-body.ts';

export interface NodeHttpExchangeOptions {
  /** Certificates (PEM) trusted beside the usual; for tests and tools. */
  readonly ca?: string | readonly string[];
  /** What is trusted beside the usual. */
  readonly trust?: TrustSettings;
  /** Shared by exchanges, so that what it reads is read once. */
  readonly roots?: RootStore;
  /** How many lanes a request may name; 2 where absent. */
  readonly lanes?: number;
  /** How proxies are found and answered; absent: none is used. */
  readonly proxies?: Omit<ProxyDialerOptions, 'trust'>;
}

/** How long an idle connection is kept where the server does not say, in ms: it closes earlier, or we use it. */
const idleConnectionMs = 600_000;
/** How much earlier than a server's `Keep-Alive: timeout` its connection is given up, in ms. */
const idleMarginMs = 500;

/**
 * An {@link HttpExchange} on Node. No redirect is followed and nothing is repeated: a kept connection
 * that turns out to be closed fails the request with `network.reset`, and the caller repeats it.
 */
export function createNodeHttpExchange(options: NodeHttpExchangeOptions = {}): HttpExchange {
  const { ca, proxies, roots = new RootStore() } = options;
  const given = ca === undefined ? undefined : [ca].flat();
  const trust = new PeerTrust(
    given ? { ...usualTrust, authorities: () => given } : (options.trust ?? usualTrust),
    roots,
  );
  const settings: ConnectionSettings = {
    trust,
    tlsSessions: new Map(),
    dialer: proxies && new ProxyDialer({ ...proxies, trust }),
  };
  return new NodeHttpExchange(settings, options.lanes ?? 2);
}

class NodeHttpExchange implements HttpExchange {
  readonly #settings: ConnectionSettings;
  readonly #laneCount: number;
  readonly #lanes = new Map<string, Lane>();
  readonly #closed = new AbortController();
  #last: { readonly text: string; readonly url: URL } | undefined;

  constructor(settings: ConnectionSettings, laneCount: number) {
    this.#settings = settings;
    this.#laneCount = laneCount;
  }

  send(request: HttpRequest): Promise<HttpResponse> {
    if (this.#closed.signal.aborted || request.signal?.aborted) {
      return Promise.reject(networkProblem('network.aborted'));
    }
    try {
      const url = this.#parsed(request.url);
      return this.#lane(url, request.lane).send(url, request);
    } catch (error) {
      return Promise.reject(error instanceof RangeError ? error : nodeFailure(error));
    }
  }

  warm(url: string, lane: number): void {
    if (!this.#closed.signal.aborted) this.#lane(new URL(url), lane).warm();
  }

  async reopen(): Promise<void> {
    this.#settings.tlsSessions.clear();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.reopen()));
  }

  async close(): Promise<void> {
    this.#closed.abort();
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    await Promise.all(lanes.map((lane) => lane.close()));
  }

  /** A session asks for one address all its life. */
  #parsed(url: string): URL {
    if (this.#last?.text !== url) this.#last = { text: url, url: new URL(url) };
    return this.#last.url;
  }

  #lane(url: URL, number: number): Lane {
    if (!Number.isInteger(number) || number < 0 || number >= this.#laneCount) {
      throw new RangeError(`no lane ${number} among ${this.#laneCount}`);
    }
    const key = `${number} ${url.origin}`;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = new Lane(new URL(url.origin), this.#settings);
      this.#lanes.set(key, lane);
    }
    return lane;
  }
}

/** One connection at a time to one origin, kept between requests and replaced when it is gone. */
class Lane {
  readonly #origin: URL;
  readonly #settings: ConnectionSettings;
  readonly #underWay = new Set<Exchange>();
  #client: Client;
  #connection: NodeConnection | undefined;

  constructor(origin: URL, settings: ConnectionSettings) {
    this.#origin = origin;
    this.#settings = settings;
    this.#client = this.#newClient();
  }

  send(url: URL, request: HttpRequest): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(request, {
        connection: () => this.#connection,
        hangUp: () => this.#hangUp(),
        settled: () => this.#underWay.delete(exchange),
        resolve,
        reject,
      });
      this.#underWay.add(exchange);
      this.#dispatch(exchange, url);
    });
  }

  warm(): void {
    if (!this.#connection?.alive) this.#connection = this.#open();
  }

  async reopen(): Promise<void> {
    const before = [...this.#underWay];
    if (before.length === 0) this.#hangUp();
    await undefined;
    for (const exchange of before) exchange.fail(networkProblem('network.reset'));
  }

  async close(): Promise<void> {
    for (const exchange of [...this.#underWay]) exchange.fail(networkProblem('network.aborted'));
    this.#connection?.close();
    await this.#client.destroy();
  }

  #dispatch(exchange: Exchange, url: URL): void {
    const { method } = exchange.request;
    const body = wireBody(exchange.request);
    exchange.repeat = () => this.#dispatch(exchange, url);
    this.#client.dispatch(
      {
        method,
        path: url.pathname + url.search,
        headers: body?.headers.flat() ?? [],
        body: body?.bytes ?? null,
      },
      exchange,
    );
  }

  /** Closes the connection, whatever its state, and begins afresh with the next request. */
  #hangUp(): void {
    const client = this.#client;
    this.#client = this.#newClient();
    this.#connection?.close();
    this.#connection = undefined;
    void client.destroy();
  }

  #open(): NodeConnection {
    return new NodeConnection(this.#origin, this.#settings);
  }

  #newClient(): Client {
    return new Client(this.#origin, {
      pipelining: 1,
      // The one clock of an exchange is its own `timeoutMs`.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: idleConnectionMs,
      keepAliveMaxTimeout: idleConnectionMs,
      keepAliveTimeoutThreshold: idleMarginMs,
      connect: (_options, callback) => {
        const connection = this.#connection?.spare ? this.#connection : this.#open();
        this.#connection = connection;
        connection.take().then(
          (socket: Socket) => callback(null, socket),
          (error: Error) => callback(error, null),
        );
      },
    });
  }
}

interface ExchangeHooks {
  connection(): NodeConnection | undefined;
  hangUp(): void;
  settled(): void;
  resolve(response: HttpResponse): void;
  reject(error: unknown): void;
}

/** One request and its answer, as undici reports them. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly request: HttpRequest;
  /** Sends the request again from the start; for one that never got as far as a connection. */
  repeat: () => void = () => {};
  readonly #hooks: ExchangeHooks;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void => this.fail(networkProblem('network.aborted'));
  #connection: NodeConnection | undefined;
  #settled = false;
  #writtenBefore = 0;
  #readBefore = 0;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(request: HttpRequest, hooks: ExchangeHooks) {
    this.request = request;
    this.#hooks = hooks;
    const { timeoutMs } = request;
    this.#timer = setTimeout(
      () => this.fail(networkProblem('network.timeout', { detail: `after ${timeoutMs} ms` })),
      timeoutMs,
    );
    request.signal?.addEventListener('abort', this.#onAbort);
  }

  /** Ends the exchange from our side and closes its connection. */
  fail(problem: ProblemError): void {
    if (!this.#settle()) return;
    this.#hooks.hangUp();
    this.#hooks.reject(problem);
  }

  onRequestStart(): void {
    const connection = this.#hooks.connection();
    this.#connection = connection;
    if (connection === undefined) return;
    const { socket } = connection;
    connection.expectAnswer();
    this.#writtenBefore = socket.bytesWritten;
    this.#readBefore = socket.bytesRead;
    const { onSent } = this.request;
    // undici writes the whole request after this call and before it returns to the event loop.
    if (onSent !== undefined) queueMicrotask(() => whenWritten(socket, onSent));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    for (const [name, value] of Object.entries(headers)) {
      this.#headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
    }
    this.#refuseOver(Number(this.#headers['content-length'] ?? 0));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    this.#refuseOver(this.#length);
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    const { resolve, reject } = this.#hooks;
    const [first, ...rest] = this.#chunks;
    const bytes = rest.length === 0 ? (first ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
    const reading = this.#reading();
    const encoding = this.#headers['content-encoding'];
    const finish = (plain: Buffer): void =>
      resolve({ ...reading, body: textOf(plain, this.#headers['content-type']) });
    if (encoding === undefined) {
      try {
        finish(bytes);
      } catch (error) {
        reject(error);
      }
    } else {
      decoded(bytes, encoding, this.request.maxBytes).then(finish).catch(reject);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return;
    const { code } = error as { code?: unknown };
    if (this.#connection === undefined && code === 'UND_ERR_DESTROYED') {
      // The exchange before this one on the lane was called off, and the lane began afresh.
      this.repeat();
    } else if (this.#settle()) {
      this.#hooks.reject(error instanceof ProblemError ? error : nodeFailure(error));
    }
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.request.signal?.removeEventListener('abort', this.#onAbort);
    this.#hooks.settled();
    return true;
  }

  #refuseOver(length: number): void {
    const { maxBytes } = this.request;
    if (length > maxBytes) {
      this.fail(networkProblem('network.too-large', { detail: `more than ${maxBytes} bytes` }));
    }
  }

  #reading(): Omit<HttpResponse, 'body'> {
    const connection = this.#connection;
    const tls = connection?.tls;
    return {
      status: this.#status,
      headers: this.#headers,
      bytesSent: (connection?.socket.bytesWritten ?? 0) - this.#writtenBefore,
      bytesReceived: (connection?.socket.bytesRead ?? 0) - this.#readBefore,
      httpVersion: connection?.httpVersion ?? '1.1',
      ...(tls === undefined ? {} : { tls }),
      proxy: connection?.proxy ?? 'none',
    };
  }
}

/** Calls back once everything written to the socket so far is with the kernel; never if it breaks before. */
function whenWritten(socket: Socket, onSent: () => void): void {
  if (socket.writableLength === 0) {
    if (!socket.destroyed) onSent();
  } else {
    // Writes are done in order: the callback of an empty one comes after the request's.
    socket.write('', (error) => {
      if (!error) onSent();
    });
  }
}
