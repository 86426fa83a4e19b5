/** What watches over the relay looks here: `/metrics` for Prometheus and `/health`. Started by `relay.ts`. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RelayMetrics } from './relay-metrics.ts';
import type { ListenAddress } from './relay-settings.ts';
import { startProblem } from './start-problem.ts';

export interface Health {
  /** False once the relay takes no new session. */
  readonly isServing: boolean;
  readonly sessions: number;
}

export interface Monitor {
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws ProblemError where the address cannot be listened at. */
export async function startMonitor(
  { host, port }: ListenAddress,
  metrics: RelayMetrics,
  health: () => Health,
): Promise<Monitor> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/metrics') {
      metrics.text().then(
        (text) => send(response, 200, metrics.contentType, text),
        (error) => send(response, 500, 'text/plain', String(error)),
      );
    } else if (path === '/health') {
      const { isServing, sessions } = health();
      const body = JSON.stringify({ status: isServing ? 'serving' : 'draining', sessions });
      send(response, isServing ? 200 : 503, 'application/json', body);
    } else {
      send(response, 404, 'text/plain', 'There is /metrics and /health.\n');
    }
  }).listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw startProblem(
      `The relay cannot show its metrics at ${host}:${port}.`,
      'Choose another place with --monitor, or do without: --monitor off',
      error,
    );
  }
  return { url: urlOf(server), stop: () => stop(server) };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
