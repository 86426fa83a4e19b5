/**
 * What answers in place of a connection manager on a restrictive network: pages, errors, redirects, and a
 * captive portal that lets traffic through once somebody has agreed to its terms.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Strange = 'page' | 'not-found' | 'bad-gateway' | 'redirect';

export interface Portal {
  /** A BOSH address whose traffic goes through the portal. */
  readonly boshUrl: string;
  /** From now on every new request is answered like this; those under way are cut. */
  close(answer: Strange): void;
  /** From now on requests reach the server. */
  open(): void;
  stop(): Promise<void>;
}

const PAGE = `<!doctype html><html lang="en"><head><title>Welcome to our network</title></head>
<body><h1>Welcome</h1><p>Accept the terms to go on.</p><br></body></html>`;

/** Stands in front of the BOSH address of a real server; closed at first where `answer` is given. */
export async function startPortal(target: string, answer?: Strange): Promise<Portal> {
  let state: Strange | 'open' = answer ?? 'open';
  const server = createServer((incoming, outgoing) => {
    if (state === 'open') forward(target, incoming, outgoing);
    else answerStrangely(state, incoming, outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const boshUrl = new URL(target);
  boshUrl.port = String(port);
  return {
    boshUrl: boshUrl.href,
    close(answer) {
      state = answer;
      server.closeAllConnections();
    },
    open() {
      state = 'open';
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers } = incoming;
  const onward = request(target, { method, headers: { ...headers, host: new URL(target).host } });
  onward.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

function answerStrangely(
  answer: Strange,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  incoming.resume();
  const html = { 'content-type': 'text/html; charset=utf-8' };
  switch (answer) {
    case 'page':
      outgoing.writeHead(200, html).end(PAGE);
      break;
    case 'not-found':
      outgoing.writeHead(404, html).end('<html><body>Not Found</body></html>');
      break;
    case 'bad-gateway':
      outgoing.writeHead(502, html).end('<html><body>502 Bad Gateway</body></html>');
      break;
    case 'redirect':
      outgoing.writeHead(302, { location: 'http://portal.invalid/login' }).end();
      break;
  }
}
