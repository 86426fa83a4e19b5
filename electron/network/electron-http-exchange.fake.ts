/**
 * Electron's `net.request` for tests, on node:http: the part that the adapter uses, as Electron's typings
 * and the behaviour of its `ClientRequest` have it (buffered body, decoded answers, errors by net::ERR_ name).
 */
import { EventEmitter } from 'node:events';
import {
  Agent,
  type IncomingMessage as NodeIncomingMessage,
  request as nodeRequest,
} from 'node:http';
import { request as nodeTlsRequest, Agent as TlsAgent } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { PassThrough, type Readable } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type {
  AuthInfo,
  ClientRequest,
  ClientRequestConstructorOptions,
  IncomingMessage,
  PreconnectOptions,
  ProxyConfig,
  Session,
} from 'electron';
import { type Answer, chromiumTunnel } from './electron-http-exchange-tunnel.fake.ts';
import { type VerifyProc, verifiedConnection } from './electron-http-exchange-verification.fake.ts';
import { isLoopback } from './loopback.ts';

/** Every request made so far through one fake, and what the next ones are to meet. */
export class FakeNet {
  readonly requests: FakeClientRequest[] = [];
  readonly preconnected: PreconnectOptions[] = [];
  /** Set: the next requests are asked for credentials before anything is sent. */
  challenge: AuthInfo | undefined;
  /** PEM of an authority that the session trusts. */
  ca: string | undefined;
  /** Decides about certificates, where the session has been given one. */
  verify: VerifyProc | undefined;
  /** How the session goes out, the last choice last. */
  readonly proxies: ProxyConfig[] = [];
  #pool = new Pool(this);

  /** What a test hands to the adapter as its session. */
  readonly session = {
    preconnect: (options: PreconnectOptions) => void this.preconnected.push(options),
    setCertificateVerifyProc: (proc: VerifyProc | null) => {
      this.verify = proc ?? undefined;
    },
    setProxy: async (config: ProxyConfig) => void this.proxies.push(config),
    resolveProxy: async (url: string) => {
      const { protocol = '', host = '' } = this.proxyRules ?? {};
      const isDirect = host === '' || isLoopback(new URL(url).hostname);
      return isDirect ? 'DIRECT' : `${protocol === 'https:' ? 'HTTPS' : 'PROXY'} ${host}; DIRECT`;
    },
    closeAllConnections: async () => {
      this.#pool.destroy();
      this.#pool = new Pool(this);
    },
  } as unknown as Session;

  /** The proxy that the session is told to use. */
  get proxyRules(): URL | undefined {
    const { proxyRules } = this.proxies.at(-1) ?? {};
    return proxyRules === undefined ? undefined : new URL(proxyRules);
  }

  readonly net = {
    request: (options: ClientRequestConstructorOptions): ClientRequest => {
      const request = new FakeClientRequest(options, this.#pool, this.challenge);
      this.requests.push(request);
      return request as unknown as ClientRequest;
    },
  };
}

/** The connections of a session. */
class Pool {
  readonly plain = new Agent({ keepAlive: true });
  readonly secure: TlsAgent;

  constructor(fake: FakeNet) {
    this.secure = new TunnelAgent(fake);
  }

  destroy(): void {
    this.plain.destroy();
    this.secure.destroy();
  }
}

/** TLS connections, through the session's proxy where it has one and the server is another computer. */
class TunnelAgent extends TlsAgent {
  readonly #fake: FakeNet;
  readonly #taken = new Map<string, string>();

  constructor(fake: FakeNet) {
    super({ keepAlive: true });
    this.#fake = fake;
  }

  override createConnection(
    options: { host: string; port: number; request: FakeClientRequest },
    callback: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    this.#connect(options).then(
      (socket) => callback(null, socket),
      (error: Error) => callback(error, undefined as unknown as Duplex),
    );
  }

  async #connect(options: { host: string; port: number; request: FakeClientRequest }) {
    const { host, port, request } = options;
    const { ca, proxyRules: proxy, verify } = this.#fake;
    const isDirect = proxy === undefined || isLoopback(host);
    const way = isDirect
      ? { host, port }
      : {
          socket: await chromiumTunnel({
            ...{ proxy, ca, authority: `${host}:${port}`, taken: this.#taken },
            signal: request.calledOff,
            onLogin: (question, answer) => request.emit('login', question, answer),
          }),
        };
    const name = isIP(host) === 0 ? { servername: host } : {};
    const secure = { ...name, ...(ca === undefined ? {} : { ca }), ALPNProtocols: ['http/1.1'] };
    return verifiedConnection({ ...secure, ...way, hostname: host }, verify);
  }
}

export class FakeClientRequest extends EventEmitter {
  readonly options: ClientRequestConstructorOptions;
  /** What the adapter answered when it was asked for credentials. */
  credentials: readonly (string | undefined)[] | undefined;
  aborted = false;
  readonly #pool: Pool;
  readonly #abort = new AbortController();
  readonly #challenge: AuthInfo | undefined;
  #underWay: ReturnType<typeof nodeRequest> | undefined;
  #response: Readable | undefined;

  constructor(
    options: ClientRequestConstructorOptions,
    pool: Pool,
    challenge: AuthInfo | undefined,
  ) {
    super();
    const { protocol } = new URL(options.url ?? '');
    if (!/^https?:$/.test(protocol)) {
      throw new Error('ClientRequest only supports http: and https: protocols');
    }
    this.options = options;
    this.#pool = pool;
    this.#challenge = challenge;
  }

  end(body?: string | Buffer): this {
    process.nextTick(() => {
      this.emit('finish');
      if (this.aborted) return;
      if (this.#challenge === undefined) this.#start(body);
      else this.#ask(this.#challenge, body);
    });
    return this;
  }

  get calledOff(): AbortSignal {
    return this.#abort.signal;
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.#abort.abort();
    process.nextTick(() => this.emit('abort'));
    this.#underWay?.destroy();
    this.#response?.destroy();
  }

  #ask(challenge: AuthInfo, body: string | Buffer | undefined): void {
    const answer: Answer = (...credentials) => {
      this.credentials = credentials;
      this.#start(body);
    };
    // Without a listener Electron cancels the challenge.
    if (!this.emit('login', challenge, answer)) this.#die('net::ERR_TUNNEL_CONNECTION_FAILED');
  }

  #start(body: string | Buffer | undefined): void {
    const { url = '', method = 'GET', headers = {} } = this.options;
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const isSecure = new URL(url).protocol === 'https:';
    const options = {
      ...{ method, headers: { ...headers, ...length } },
      // The agent is handed the options of the request it connects for.
      ...{ agent: isSecure ? this.#pool.secure : this.#pool.plain, request: this },
    };
    this.#underWay = (isSecure ? nodeTlsRequest : nodeRequest)(url, options)
      .on('response', (response) => this.#answer(response))
      .on('error', (error) => this.#die(nameOf(error)))
      .end(body);
  }

  #answer(response: NodeIncomingMessage): void {
    const status = response.statusCode ?? 0;
    if (status >= 300 && status < 400 && response.headers.location !== undefined) {
      const location = new URL(response.headers.location, this.options.url).href;
      this.emit('redirect', status, 'GET', location, response.headersDistinct);
      if (!this.aborted) this.#die('Redirect was cancelled');
      return;
    }
    const body = new PassThrough();
    const coded = response.headers['content-encoding'];
    const plain =
      coded === undefined
        ? response
        : response.pipe(coded === 'br' ? createBrotliDecompress() : createUnzip());
    this.#response = body;
    response.on('error', () => {
      const { 'content-length': declared } = response.headers;
      const name =
        declared === undefined ? 'ERR_INCOMPLETE_CHUNKED_ENCODING' : 'ERR_CONTENT_LENGTH_MISMATCH';
      this.#die(`net::${name}`);
    });
    plain.on('error', () => this.#die('net::ERR_CONTENT_DECODING_FAILED'));
    plain.pipe(body);
    Object.assign(body, {
      statusCode: status,
      headers: response.headers,
      httpVersion: response.httpVersion,
    });
    this.emit('response', body as unknown as IncomingMessage);
  }

  /** As Electron: the response is destroyed with the error, and the request reports it too. */
  #die(message: string): void {
    if (this.aborted) return;
    const error = new Error(message);
    this.#response?.destroy(error);
    this.emit('error', error);
  }
}

function nameOf(error: NodeJS.ErrnoException): string {
  const names: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'ERR_CONNECTION_REFUSED',
    ENOTFOUND: 'ERR_NAME_NOT_RESOLVED',
    ECONNRESET: error.message === 'socket hang up' ? 'ERR_EMPTY_RESPONSE' : 'ERR_CONNECTION_RESET',
  };
  if (error.message.startsWith('net::')) return error.message;
  const known = names[error.code ?? ''];
  return `net::${known ?? (error.code?.startsWith('HPE_') ? 'ERR_INVALID_HTTP_RESPONSE' : 'ERR_FAILED')}`;
}
