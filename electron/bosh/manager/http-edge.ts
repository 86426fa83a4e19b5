/**
 * The manager's HTTP (XEP-0124 §5): a request listener for Node's servers, `http` or `https`. The relay mounts it.
 */
import type {
  IncomingMessage,
  OutgoingHttpHeaders,
  ServerOptions,
  ServerResponse,
} from 'node:http';
import { promisify } from 'node:util';
import { gzip as gzipWithCallback } from 'node:zlib';
import { encodeText } from './charset.ts';
import type { ConnectionManager, Exchange, Peer } from './connection-manager.ts';
import { jrd, xrd } from './host-meta.ts';
import { IncomingBodies } from './incoming-bodies.ts';
import type { Answer } from './session-events.ts';
import { UnsentAnswers } from './unsent-answers.ts';

const gzip = promisify(gzipWithCallback);

export interface HttpEdgeOptions {
  /** Where BOSH is spoken; default `/http-bind`. */
  readonly path?: string;
  /** The public address of this endpoint, which host-meta names; absent: there is no host-meta. */
  readonly publicUrl?: string;
  /** Which pages of other sites may speak BOSH here; default all: nothing here goes by cookies. */
  readonly origins?: readonly string[];
  /** Who sends a request; default: the other end of its connection. */
  readonly peerOf?: (request: IncomingMessage) => Peer;
}

/** Takes a request; false, and nothing done, where its path is none of the manager's. */
export type RequestListener = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * What a server in front of the manager is to be created with: an idle second connection is kept, a head that
 * comes drop by drop is not waited for.
 */
export const MANAGER_SERVER_OPTIONS = {
  keepAliveTimeout: 120_000,
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 8_192,
  noDelay: true,
} as const satisfies ServerOptions;

/** Answers longer than this many UTF-16 units are compressed for who takes that. */
const COMPRESS_FROM = 1_024;

const HOST_META = '/.well-known/host-meta';

/** @throws {RangeError} where the public address is without TLS: nobody is to be sent there (XEP-0156 §2.2). */
export function createHttpEdge(
  manager: ConnectionManager,
  options: HttpEdgeOptions = {},
): RequestListener {
  const { path = '/http-bind', publicUrl, origins, peerOf = connectedPeer } = options;
  if (publicUrl !== undefined && new URL(publicUrl).protocol !== 'https:') {
    throw new RangeError(`${publicUrl} is not an https address`);
  }
  const bodies = new IncomingBodies(manager.limits);
  const unsent = new UnsentAnswers(manager.limits.unsentBytes);

  const speakBosh = (request: IncomingMessage, response: ServerResponse): void => {
    allowOrigin(request, response, origins);
    switch (request.method) {
      case 'POST':
        receive(request, response);
        return;
      case 'OPTIONS':
        response.writeHead(204, PREFLIGHT).end();
        return;
      case 'GET':
      case 'HEAD':
        sendText(response, 200, 'text/plain; charset=utf-8', EXPLANATION);
        return;
      default:
        response.setHeader('allow', 'POST, OPTIONS, GET, HEAD');
        sendText(response, 405, 'text/plain; charset=utf-8', EXPLANATION);
    }
  };

  const receive = (request: IncomingMessage, response: ServerResponse): void => {
    const peer = peerOf(request);
    const exchange = new HttpExchange(request, response, unsent.of(peer.address));
    if (!manager.listensTo(peer)) {
      exchange.close();
      exchange.answer(TOO_MANY);
      return;
    }
    // A page that is shown could run what strangers wrote; a request of a script's is not shown.
    if (request.headers['sec-fetch-mode'] === 'navigate') {
      exchange.close();
      manager.refuse('bad-request', 'a page to be shown', peer, exchange);
      return;
    }
    response.on('close', () => {
      if (!response.writableFinished) manager.dropped(exchange);
    });
    bodies.read(request, (outcome) => {
      if ('text' in outcome) {
        manager.receive(outcome.text, peer, exchange);
        return;
      }
      if (outcome.refused === 'too-slow' || outcome.refused === 'busy') exchange.close();
      if (outcome.refused === 'busy') exchange.answer(BUSY);
      else manager.refuse('bad-request', outcome.detail, peer, exchange);
    });
  };

  return (request, response) => {
    const asked = request.url?.split('?')[0];
    if (asked === path) {
      speakBosh(request, response);
    } else if (publicUrl !== undefined && asked?.startsWith(HOST_META)) {
      return tellHostMeta(asked, publicUrl, request, response);
    } else {
      return false;
    }
    return true;
  };
}

const EXPLANATION = 'This address is for XMPP clients that speak BOSH (XEP-0124).\n';

const PREFLIGHT: OutgoingHttpHeaders = {
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': 'Content-Type, Content-Encoding',
  'access-control-max-age': '86400',
};

/** Too much is on its way in; what was asked is to be asked again. */
const BUSY: Answer = { status: 503, contentType: 'text/plain; charset=utf-8', text: 'busy\n' };

/** It was refused so often that it is no client, or a broken one. */
const TOO_MANY: Answer = {
  ...BUSY,
  status: 429,
  text: 'refused too often: try again in a minute\n',
};

/** When to ask again, in s. */
const RETRY_AFTER: Readonly<Record<number, string>> = { 503: '2', 429: '60' };

/** A request that came over HTTP, until it is answered. */
class HttpExchange implements Exchange {
  readonly #response: ServerResponse;
  readonly #gzips: boolean;
  readonly #sent: (response: ServerResponse) => void;

  /** @param sent is told when the answer is on its way. */
  constructor(
    { headers }: IncomingMessage,
    response: ServerResponse,
    sent: (response: ServerResponse) => void,
  ) {
    this.#response = response;
    this.#sent = sent;
    this.#gzips = takesGzip(headers['accept-encoding']);
  }

  /** Nothing more is read from this connection. */
  close(): void {
    this.#response.shouldKeepAlive = false;
  }

  answer({ status, contentType, text }: Answer): void {
    const response = this.#response;
    const retryAfter = RETRY_AFTER[status];
    if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
    if (!this.#gzips || text.length <= COMPRESS_FROM) {
      sendBytes(response, status, contentType, encodeText(text, contentType));
      this.#sent(response);
      return;
    }
    gzip(encodeText(text, contentType)).then(
      (bytes) => {
        response.setHeader('content-encoding', 'gzip');
        sendBytes(response, status, contentType, bytes);
        this.#sent(response);
      },
      () => this.cut(),
    );
  }

  cut(): void {
    this.#response.req.socket.destroy();
  }
}

/** Whether the header names gzip and does not rule it out. */
function takesGzip(header: string | string[] | undefined): boolean {
  return /(?:^|[,\s])gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/iu.test(String(header ?? ''));
}

function connectedPeer({ socket }: IncomingMessage): Peer {
  return { address: socket.remoteAddress ?? '', secure: 'encrypted' in socket };
}

/** Lets scripts of other sites read the answer (Fetch standard, CORS). */
function allowOrigin(
  { headers: { origin } }: IncomingMessage,
  response: ServerResponse,
  origins: readonly string[] | undefined,
): void {
  if (origin === undefined) return;
  if (origins === undefined) {
    response.setHeader('access-control-allow-origin', '*');
    return;
  }
  response.setHeader('vary', 'Origin');
  if (origins.includes(origin)) response.setHeader('access-control-allow-origin', origin);
}

/** XRD, and JRD for who asks for that (RFC 6415 §3); open to scripts of any site (XEP-0156 §3). */
function tellHostMeta(
  path: string,
  url: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (path !== HOST_META && path !== `${HOST_META}.json`) return false;
  response.setHeader('access-control-allow-origin', '*');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    sendText(response, 405, 'text/plain; charset=utf-8', 'GET only\n');
    return true;
  }
  const wantsJson = /\bapplication\/json\b/iu.test(request.headers.accept ?? '');
  if (path !== HOST_META || wantsJson) sendText(response, 200, 'application/json', jrd(url));
  else sendText(response, 200, 'application/xrd+xml', xrd(url));
  return true;
}

function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  sendBytes(response, status, type, Buffer.from(text));
}

/** With its length, never in chunks (XEP-0124 §5). */
function sendBytes(response: ServerResponse, status: number, type: string, bytes: Buffer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length }).end(bytes);
}
