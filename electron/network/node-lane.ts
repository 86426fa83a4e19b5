/**
 * A lane of the Node HTTP adapter: requests to one origin, one after the other, over one connection that is
 * kept between them and replaced when it is gone (RFC 9112 §9). Nothing is repeated.
 */
import type { Socket } from 'node:net';
import { ProblemError } from '../../shared/problem.ts';
import { AnswerReader } from './answer-reader.ts';
import { decoded, textOf } from './answer-text.ts';
import type { HttpRequest, HttpResponse } from './http-exchange.ts';
import { networkProblem } from './network-problem.ts';
import { type ConnectionSettings, type ConnectionUser, NodeConnection } from './node-connection.ts';
import { nodeFailure } from './node-failure.ts';
import { wireBody } from './request-body.ts';

/** How much earlier than a server's `Keep-Alive: timeout` its connection is given up, in ms. */
const idleMarginMs = 500;

export class NodeLane {
  readonly #origin: URL;
  readonly #settings: ConnectionSettings;
  /** The first is under way. */
  readonly #exchanges: Exchange[] = [];
  #connection: NodeConnection | undefined;

  constructor(origin: URL, settings: ConnectionSettings) {
    this.#origin = origin;
    this.#settings = settings;
  }

  send(url: URL, request: HttpRequest): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(url, request, {
        ...{ resolve, reject },
        settled: () => this.#settled(exchange),
        over: () => this.#beginNext(),
      });
      this.#exchanges.push(exchange);
      if (this.#exchanges.length === 1) exchange.begin(this.#opened());
      exchange.watch();
    });
  }

  warm(): void {
    this.#opened();
  }

  async reopen(): Promise<void> {
    const before = [...this.#exchanges];
    if (before.length === 0) this.#connection?.close();
    await undefined;
    for (const exchange of before) exchange.fail(networkProblem('network.reset'));
  }

  close(): void {
    for (const exchange of [...this.#exchanges]) exchange.fail(networkProblem('network.aborted'));
    this.#connection?.close();
  }

  #opened(): NodeConnection {
    if (!this.#connection?.alive) {
      this.#connection?.close();
      this.#connection = new NodeConnection(this.#origin, this.#settings);
    }
    return this.#connection;
  }

  #settled(exchange: Exchange): void {
    this.#exchanges.splice(this.#exchanges.indexOf(exchange), 1);
  }

  #beginNext(): void {
    const [next] = this.#exchanges;
    if (next && !next.begun) next.begin(this.#opened());
  }
}

interface ExchangeHooks {
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (error: unknown) => void;
  /** It is no longer under way. */
  readonly settled: () => void;
  /** Its caller has heard of it, and had a turn: what it asks next may have to go by other settings. */
  readonly over: () => void;
}

/** One request and its answer. */
class Exchange implements ConnectionUser {
  begun = false;
  readonly #url: URL;
  readonly #request: HttpRequest;
  readonly #hooks: ExchangeHooks;
  #answer: AnswerReader | undefined;
  readonly #onAbort = (): void => this.fail(networkProblem('network.aborted'));
  #timer: NodeJS.Timeout | undefined;
  #connection: NodeConnection | undefined;
  #isSettled = false;
  #bytesSent = 0;

  constructor(url: URL, request: HttpRequest, hooks: ExchangeHooks) {
    this.#url = url;
    this.#request = request;
    this.#hooks = hooks;
  }

  /** What it needs while it waits; in the turn in which it was made, but once it is on its way. */
  watch(): void {
    const { timeoutMs, signal, maxBytes } = this.#request;
    this.#answer = new AnswerReader(maxBytes);
    this.#timer = setTimeout(
      () => this.fail(networkProblem('network.timeout', { detail: `after ${timeoutMs} ms` })),
      timeoutMs,
    );
    signal?.addEventListener('abort', this.#onAbort);
  }

  begin(connection: NodeConnection): void {
    this.begun = true;
    this.#connection = connection;
    const { open } = connection;
    if (open) {
      connection.use(this);
      this.#write(open);
      return;
    }
    connection.take(this).then(
      (socket) => {
        if (!this.#isSettled) this.#write(socket);
      },
      (error: unknown) => this.fail(error),
    );
  }

  /** Ends the exchange from our side and closes its connection. */
  fail(error: unknown): void {
    if (!this.#settle()) return;
    this.#connection?.close();
    this.#hooks.reject(error instanceof ProblemError ? error : nodeFailure(error));
    this.#tidy();
  }

  received(chunk: Buffer): void {
    try {
      if (this.#answer?.read(chunk)) this.#finish(this.#answer);
    } catch (error) {
      this.fail(error);
    }
  }

  ended(error?: Error): void {
    if (this.#isSettled) return;
    if (error) this.fail(error);
    else if (this.#answer?.end()) this.#finish(this.#answer);
    else this.fail(networkProblem('network.reset'));
  }

  #write(socket: Socket): void {
    const { method, onSent } = this.#request;
    const body = wireBody(this.#request);
    let head = `${method} ${this.#url.pathname}${this.#url.search} HTTP/1.1\r\nHost: ${this.#url.host}\r\nConnection: keep-alive\r\n`;
    if (body) {
      for (const [name, value] of body.headers) head += `${name}: ${value}\r\n`;
      head += `Content-Length: ${Buffer.byteLength(body.bytes)}\r\n`;
    }
    head += '\r\n';
    if (typeof body?.bytes === 'string') this.#put(socket, head + body.bytes);
    else if (body) this.#put(socket, Buffer.concat([Buffer.from(head), body.bytes]));
    else this.#put(socket, head);
    if (onSent) whenWritten(socket, onSent);
  }

  #put(socket: Socket, bytes: string | Buffer): void {
    this.#bytesSent = Buffer.byteLength(bytes);
    socket.write(bytes);
  }

  #finish(answer: AnswerReader): void {
    if (!this.#settle()) return;
    const connection = this.#connection;
    if (!answer.keepsAlive) connection?.close();
    const { resolve, reject } = this.#hooks;
    const { headers } = answer;
    const encoding = headers['content-encoding'];
    const finish = (plain: Buffer): void =>
      resolve({
        status: answer.status,
        headers,
        body: textOf(plain, headers['content-type']),
        bytesSent: this.#bytesSent,
        bytesReceived: answer.bytesReceived,
        httpVersion: answer.httpVersion,
        ...(connection?.tls && { tls: connection.tls }),
        proxy: connection?.proxy ?? 'none',
      });
    if (encoding !== undefined) {
      decoded(answer.bytes, encoding, this.#request.maxBytes).then(finish).catch(reject);
    } else {
      try {
        finish(answer.bytes);
      } catch (error) {
        reject(error);
      }
    }
    this.#tidy();
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
    this.#hooks.settled();
    return true;
  }

  /** Behind the turn of the caller, who waits for nothing but the answer. */
  #tidy(): void {
    queueMicrotask(() => {
      clearTimeout(this.#timer);
      this.#connection?.release(this, idleMs(this.#answer?.headers['keep-alive']));
      this.#hooks.over();
    });
  }
}

/** How long a server says that it keeps an idle connection, less a margin, in ms. */
function idleMs(keepAlive: string | undefined): number | undefined {
  const seconds = /(?:^|[\s,;])timeout=(\d{1,6})/iu.exec(keepAlive ?? '')?.[1];
  return seconds === undefined ? undefined : Math.max(0, Number(seconds) * 1_000 - idleMarginMs);
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
