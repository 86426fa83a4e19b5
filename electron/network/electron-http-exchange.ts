/**
 * The HTTP port on Electron's `net.request`: Chromium's stack with the system's proxies and their sign-in,
 * which no Node socket gets through. The desktop shell makes one for each account, with its own session.
 */
import {
  type AuthInfo,
  type ClientRequest,
  type IncomingMessage,
  net,
  type Session,
} from 'electron';
import { ProblemError } from '../../shared/problem.ts';
import { textOf } from './answer-text.ts';
import { certificateProblem } from './certificates/certificate-problem.ts';
import { electronFailure } from './electron-failure.ts';
import { ElectronTrust } from './electron-http-exchange-trust.ts';
import type { HttpExchange, HttpRequest, HttpResponse } from './http-exchange.ts';
import { networkProblem } from './network-problem.ts';
import type { NetworkSettings } from './network-settings.ts';
import { askingProxy, chromiumProxyConfig, resolvedProxy } from './proxies/chromium-proxy.ts';
import { proxyDetail } from './proxies/proxy-problem.ts';
import type { ProxyCredentials } from './proxies/route.ts';
import { wireBody } from './request-body.ts';

export interface ElectronHttpExchangeOptions {
  /** The account's own: its proxy settings, its connections, its sign-ins. */
  readonly session: Session;
  readonly settings: NetworkSettings;
}

/** Chromium opens no more than this many sockets ahead of need for two lanes. */
const warmSockets = 2;

/**
 * An {@link HttpExchange} on Chromium. It differs from the one on Node where Chromium shows less:
 * `onSent` means handed to Chromium, which may still be connecting; byte counts leave out the headers
 * Chromium adds; of TLS it tells only about the certificate; and a request that meets a kept connection just closed is sent
 * again by Chromium itself, in the same bytes. Cookies are neither kept nor sent. Closing calls off what is
 * under way; idle sockets stay in the session's pool. The session is told which proxy to use before the first
 * request and by each `reopen`.
 */
export function createElectronHttpExchange(options: ElectronHttpExchangeOptions): HttpExchange {
  return new ElectronHttpExchange(options);
}

class ElectronHttpExchange implements HttpExchange {
  readonly #options: ElectronHttpExchangeOptions;
  /** For each lane, the end of its last exchange: Chromium shares its sockets and knows no lanes. */
  readonly #lanes = new Map<number, Promise<unknown>>();
  readonly #closed = new AbortController();
  readonly #trust: ElectronTrust;
  #reopened = new AbortController();
  /** Pending while Chromium is told which proxy to use. */
  #settingUp: Promise<void> | undefined;

  constructor(options: ElectronHttpExchangeOptions) {
    this.#options = options;
    this.#trust = new ElectronTrust(options.session, options.settings.trust);
    this.#trust.install();
    this.#setUp(this.#setProxy());
  }

  send(request: HttpRequest): Promise<HttpResponse> {
    const before = this.#lanes.get(request.lane) ?? this.#settingUp;
    const exchange = new Exchange(request, this.#options, this.#trust, {
      closed: this.#closed.signal,
      reopened: this.#reopened.signal,
    });
    if (before === undefined) exchange.start();
    else void before.then(() => this.#settingUp).then(() => exchange.start());
    const settled = exchange.response.then(
      () => {},
      () => {},
    );
    const ended = settled.then(() => {
      if (this.#lanes.get(request.lane) === ended) this.#lanes.delete(request.lane);
    });
    this.#lanes.set(request.lane, ended);
    return exchange.response;
  }

  warm(url: string): void {
    const { session } = this.#options;
    const open = () => session.preconnect({ url: new URL(url).origin, numSockets: warmSockets });
    if (this.#settingUp === undefined) open();
    else void this.#settingUp.then(open);
  }

  async reopen(): Promise<void> {
    const before = this.#reopened;
    this.#reopened = new AbortController();
    this.#trust.install();
    const { session } = this.#options;
    const settingUp = this.#setUp(this.#setProxy().then(() => session.closeAllConnections()));
    await undefined;
    before.abort();
    await settingUp;
  }

  async close(): Promise<void> {
    this.#closed.abort();
  }

  async #setProxy(): Promise<void> {
    const { session, settings } = this.#options;
    await session.setProxy(chromiumProxyConfig(settings.proxySetting()));
  }

  /** Requests wait for it; what goes wrong is left for them to find. */
  #setUp(work: Promise<void>): Promise<void> {
    const settingUp = work
      .catch(() => {})
      .then(() => {
        if (this.#settingUp === settingUp) this.#settingUp = undefined;
      });
    this.#settingUp = settingUp;
    return settingUp;
  }
}

/** What calls an exchange off besides its own signal. */
interface Ends {
  readonly closed: AbortSignal;
  readonly reopened: AbortSignal;
}

/** One request and its answer. */
class Exchange {
  readonly response: Promise<HttpResponse>;
  readonly #request: HttpRequest;
  readonly #options: ElectronHttpExchangeOptions;
  readonly #trust: ElectronTrust;
  readonly #signals: readonly AbortSignal[];
  readonly #reopened: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onAbort = (): void => this.#fail(networkProblem('network.aborted'));
  readonly #onReopen = (): void => this.#fail(networkProblem('network.reset'));
  /** What the proxy was told for this request. */
  #given: ProxyCredentials | undefined;
  #settled = false;
  /** What Chromium answers about the address. */
  #resolved: Promise<string> = Promise.resolve('');
  #underWay: ClientRequest | undefined;

  constructor(
    request: HttpRequest,
    options: ElectronHttpExchangeOptions,
    trust: ElectronTrust,
    ends: Ends,
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
    this.response = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#request = request;
    this.#options = options;
    this.#trust = trust;
    this.#signals = [ends.closed, ...(request.signal === undefined ? [] : [request.signal])];
    this.#reopened = ends.reopened;
    this.#reopened.addEventListener('abort', this.#onReopen);
    const { timeoutMs } = request;
    this.#timer = setTimeout(
      () => this.#fail(networkProblem('network.timeout', { detail: `after ${timeoutMs} ms` })),
      timeoutMs,
    );
    for (const signal of this.#signals) signal.addEventListener('abort', this.#onAbort);
    if (this.#signals.some((signal) => signal.aborted)) this.#onAbort();
  }

  start(): void {
    if (this.#settled) return;
    const { method, url, onSent } = this.#request;
    const body = wireBody(this.#request);
    try {
      const request = net.request({
        method,
        url,
        session: this.#options.session,
        redirect: 'manual',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        // The default is idle: behind everything else in the session.
        priority: 'highest',
        priorityIncremental: false,
        headers: Object.fromEntries(body?.headers ?? []),
      });
      this.#underWay = request;
      this.#resolved = this.#options.session.resolveProxy(url).catch(() => '');
      request.on('response', (response) => this.#read(response));
      request.on('redirect', (status, _method, location, headers) =>
        this.#finish(request, status, { location: [location], ...headers }, '1.1', Buffer.alloc(0)),
      );
      request.on('login', (question, answer) => void this.#logIn(question, answer));
      // Electron may report one failure twice, and one of a request already called off.
      request.on('error', (error) => this.#failWith(error));
      if (onSent !== undefined) request.once('finish', onSent);
      // Ended in one piece, the body goes out with its length and not in chunks.
      request.end(body?.bytes);
    } catch (error) {
      this.#failWith(error);
    }
  }

  #read(response: IncomingMessage): void {
    const { maxBytes } = this.#request;
    const chunks: Buffer[] = [];
    let length = 0;
    const refuseOver = (bytes: number): void => {
      if (bytes > maxBytes) {
        this.#fail(networkProblem('network.too-large', { detail: `more than ${maxBytes} bytes` }));
      }
    };
    response.on('error', (error) => this.#failWith(error));
    response.on('aborted', () => this.#fail(networkProblem('network.reset')));
    response.on('data', (chunk) => {
      length += chunk.length;
      chunks.push(chunk);
      refuseOver(length);
    });
    response.on('end', () => {
      const { statusCode, headers, httpVersion } = response;
      const version = httpVersion.startsWith('2') ? '2' : httpVersion;
      this.#finish(response, statusCode, headers, version, Buffer.concat(chunks));
    });
    refuseOver(Number(response.headers['content-length'] ?? 0));
  }

  /** `source` is let go of where it is a request: a redirect must be answered by following or calling off. */
  #finish(
    source: ClientRequest | IncomingMessage,
    status: number,
    received: Readonly<Record<string, string | string[]>>,
    httpVersion: string,
    bytes: Buffer,
  ): void {
    if (!this.#settle()) return;
    if (source === this.#underWay) this.#underWay.abort();
    const headers = Object.fromEntries(
      Object.entries(received).map(([name, value]) => [
        name.toLowerCase(),
        [value].flat().join(', '),
      ]),
    );
    try {
      // Chromium has undone any Content-Encoding.
      const body = textOf(bytes, headers['content-type']);
      const bytesSent = sentBytes(this.#request);
      const bytesReceived = receivedBytes(headers, bytes.length);
      const { protocol, hostname } = new URL(this.#request.url);
      const tls = protocol === 'https:' ? this.#trust.reading(hostname) : undefined;
      const response = {
        ...{ status, headers, body, bytesSent, bytesReceived, httpVersion },
        ...(tls === undefined ? {} : { tls }),
      };
      void this.#resolved.then((resolved) =>
        this.#resolve({ ...response, proxy: resolvedProxy(resolved) }),
      );
    } catch (error) {
      this.#reject(error);
    }
  }

  /** Chromium asks again where it has given what it was told. */
  async #logIn(
    question: AuthInfo,
    answer: (username?: string, password?: string) => void,
  ): Promise<void> {
    // The server's own 401 comes as an answer.
    if (!question.isProxy) return answer();
    const { settings } = this.#options;
    const { host, port, realm, scheme } = question;
    const proxy = askingProxy(host, port, await this.#resolved);
    const known = await settings.proxyKeys.find(proxy);
    if (this.#settled) return;
    if (known !== undefined && known !== this.#given) {
      this.#given = known;
      return answer(known.username, known.password);
    }
    settings.proxyKeys.ask({ proxy, scheme, ...(realm === '' ? {} : { realm }) }, this.#given);
    this.#fail(
      networkProblem('network.proxy-auth', { detail: proxyDetail(proxy, `asks for ${scheme}`) }),
    );
  }

  #failWith(error: unknown): void {
    const failure = electronFailure(error);
    const { url } = this.#request;
    const untrusted =
      failure.problem.code === 'network.tls' && this.#trust.failure(new URL(url).hostname);
    this.#fail(
      untrusted ? new ProblemError(certificateProblem(untrusted), { cause: error }) : failure,
    );
  }

  #fail(problem: ProblemError): void {
    if (!this.#settle()) return;
    this.#underWay?.abort();
    this.#reject(problem);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#onAbort);
    this.#reopened.removeEventListener('abort', this.#onReopen);
    return true;
  }
}

/** The request as written here; what Chromium adds cannot be seen. */
function sentBytes(request: HttpRequest): number {
  const { host, pathname, search } = new URL(request.url);
  const body = wireBody(request);
  const length = body === undefined ? 0 : Buffer.byteLength(body.bytes);
  const head = [
    `${request.method} ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: keep-alive',
    ...(body?.headers ?? []).map(([name, value]) => `${name}: ${value}`),
  ];
  if (body !== undefined) head.push(`Content-Length: ${length}`);
  return head.join('\r\n').length + 4 + length;
}

function receivedBytes(headers: Readonly<Record<string, string>>, decodedLength: number): number {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  // With a coding, only Content-Length knows how much was on the wire.
  const onWire = 'content-encoding' in headers ? Number(headers['content-length']) : decodedLength;
  return 'HTTP/1.1 200 OK\r\n\r\n'.length + fields.join('').length + (onWire || decodedLength);
}
