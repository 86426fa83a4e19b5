/**
 * The browser shell's server: the page, avatars, `POST /session`, `POST /commands/<name>` and `GET /events`
 * on 127.0.0.1. Every refusal is a `{ ok: false, problem }` with a fitting status.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostPort } from '../../../shared/contract/bridge.ts';
import { ProblemError, problemOf } from '../../../shared/problem.ts';
import { createPageHandler } from '../page-handler.ts';
import { createEventFeed, type EventFeedOptions } from './event-feed.ts';
import { RequestRefusal, readJson } from './request-body.ts';
import { createSessionGate, type SessionGate } from './session-gate.ts';

export interface ServerOptions {
  readonly host: HostPort;
  /** The folder of the built page. */
  readonly pageFolder: string;
  /** 0 for one the system chooses. */
  readonly port: number;
  readonly log: (line: string) => void;
  readonly feed?: EventFeedOptions;
}

export interface BrowserServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** A fresh link that opens the page once; the link before it, if not used yet, stops working. */
  newLink(): string;
  /** Ends every connection. Leaves the host to its owner. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1, and only there.
 * @throws ProblemError `app.port-unusable`
 */
export async function startServer(options: ServerOptions): Promise<BrowserServer> {
  const server = createServer();
  server.listen(options.port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ProblemError(
      {
        code: 'app.port-unusable',
        source: 'app',
        message: `Holdfast cannot use port ${options.port}.`,
        advice: 'Choose another port, or 0 for one the system chooses, with --port.',
        retry: 'never',
        detail: String(error),
      },
      { cause: error },
    );
  }
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const gate = createSessionGate(port);
  const feed = createEventFeed(options.host, options.feed);
  const servePage = createPageHandler({
    folder: options.pageFolder,
    readAvatar: options.host.readAvatar.bind(options.host),
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    checkSender(request, port);
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path === '/session') {
      await allowOnly(request, 'POST');
      await openSession(request, response, gate);
    } else if (path === '/events') {
      await allowOnly(request, 'GET');
      checkSession(request, gate);
      feed.attach(response, headerOf(request, 'last-event-id'));
    } else if (path.startsWith('/commands/')) {
      await allowOnly(request, 'POST');
      checkSession(request, gate);
      const input = await readJson(request);
      sendJson(response, 200, await options.host.run(path.slice('/commands/'.length), input));
    } else {
      if (path.startsWith('/avatars/')) checkSession(request, gate);
      const url = new URL(`${origin}${path}`);
      await sendResponse(
        response,
        await servePage(new Request(url, { method: request.method ?? 'GET' })),
      );
    }
  }

  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!(error instanceof RequestRefusal)) options.log(`${request.method} failed: ${error}`);
      if (response.headersSent) response.destroy();
      else refuse(response, error);
    });
  });

  return {
    origin,
    newLink: () => `${origin}/#token=${gate.issueToken()}`,
    async close() {
      feed.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Keeps out pages of other origins, and names that an attacker made point here (DNS rebinding). */
function checkSender(request: IncomingMessage, port: number): void {
  const host = request.headers.host;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    throw new RequestRefusal(421, 'app.wrong-host', 'This address is not one of Holdfast.');
  }
  const { origin } = request.headers;
  const site = headerOf(request, 'sec-fetch-site');
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  const isNavigation = headerOf(request, 'sec-fetch-mode') === 'navigate' && isReading;
  const isForeign =
    origin === undefined
      ? !isReading || (site !== undefined && site !== 'same-origin' && site !== 'none')
      : origin !== `http://${host}`;
  if (isForeign && !isNavigation) {
    throw new RequestRefusal(403, 'app.wrong-origin', 'Only the page of Holdfast may ask this.');
  }
}

function checkSession(request: IncomingMessage, gate: SessionGate): void {
  if (gate.admits(request.headers.cookie)) return;
  throw new RequestRefusal(
    401,
    'app.link-needed',
    'This browser has not been let in.',
    'Open the link that Holdfast printed when it started.',
  );
}

async function openSession(
  request: IncomingMessage,
  response: ServerResponse,
  gate: SessionGate,
): Promise<void> {
  const input = await readJson(request);
  // Whoever is in already may open an old link again.
  if (gate.admits(request.headers.cookie)) {
    sendJson(response, 200, { ok: true, value: {} });
    return;
  }
  const token = typeof input === 'object' && input && 'token' in input ? input.token : undefined;
  const cookie = typeof token === 'string' ? gate.redeem(token) : undefined;
  if (cookie === undefined) {
    throw new RequestRefusal(
      403,
      'app.link-used',
      'This link has been used already, or belongs to an earlier start.',
      'Go back to the browser where it was opened first, or start Holdfast again for a new link.',
    );
  }
  response.setHeader('set-cookie', cookie);
  sendJson(response, 200, { ok: true, value: {} });
}

async function allowOnly(request: IncomingMessage, method: 'GET' | 'POST'): Promise<void> {
  if (request.method === method) return;
  throw new RequestRefusal(405, 'app.wrong-method', `This address takes ${method} only.`);
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function refuse(response: ServerResponse, error: unknown): void {
  const status = error instanceof RequestRefusal ? error.status : 500;
  // What was not read of the request would be taken for the next one.
  response.setHeader('connection', 'close');
  sendJson(response, status, { ok: false, problem: problemOf(error) });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

async function sendResponse(response: ServerResponse, answer: Response): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    'content-length': body.length,
  });
  response.end(body);
}
