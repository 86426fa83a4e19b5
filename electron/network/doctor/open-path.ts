/**
 * Connections as bare as the doctor needs them, to see which part of the way fails: TCP, how a proxy answers
 * CONNECT (RFC 9110 §9.3.6), and a socket to the server by whatever way. The first five steps call it.
 */
import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect, type Socket } from 'node:net';
import { networkProblem } from '../network-problem.ts';
import { nodeFailure } from '../node-failure.ts';
import { openHttpTunnel } from '../proxies/http-tunnel.ts';
import { ProxyAuthorization } from '../proxies/proxy-authorization.ts';
import type { ProxyKeys } from '../proxies/proxy-keys.ts';
import type { ProxyRoute, Route } from '../proxies/route.ts';
import { openSocksTunnel } from '../proxies/socks-tunnel.ts';

/** Host and port a URL leads to. */
export function addressOf(url: URL): { readonly host: string; readonly port: number } {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(url.port || (url.protocol === 'http:' ? 80 : 443)) };
}

/** A TCP connection, to be destroyed by the caller. @throws ProblemError */
export async function openTcp(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw failure(error, signal);
  }
}

/** How a proxy answered CONNECT. */
export interface TunnelAnswer {
  readonly status: number;
  readonly reason: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Asks an HTTP proxy for a tunnel to the target of a URL, without saying who asks, and closes it at once.
 * @throws ProblemError where it does not answer.
 */
export async function askForTunnel(
  proxy: ProxyRoute,
  target: URL,
  signal: AbortSignal,
): Promise<TunnelAnswer> {
  const authority = authorityOf(target);
  const send = proxy.scheme === 'https' ? requestHttps : requestHttp;
  const asked = send({
    ...{ host: proxy.host, port: proxy.port, method: 'CONNECT', path: authority, agent: false },
    headers: { host: authority },
    signal,
  });
  try {
    const answer = new Promise<TunnelAnswer>((resolve, reject) => {
      asked.on('error', reject);
      asked.on('connect', ({ statusCode = 0, statusMessage = '', headers }, socket) => {
        socket.on('error', () => {}).destroy();
        const named = Object.entries(headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]);
        resolve({ status: statusCode, reason: statusMessage, headers: Object.fromEntries(named) });
      });
    });
    asked.end();
    return await answer;
  } catch (error) {
    asked.destroy();
    throw failure(error, signal);
  }
}

/** A socket whose other end is the server's, to be destroyed by the caller. @throws ProblemError */
export function dial(
  route: Route,
  url: URL,
  keys: ProxyKeys,
  signal: AbortSignal,
): Promise<Socket> {
  const target = addressOf(url);
  if (route === 'direct') return openTcp(target.host, target.port, signal);
  if (route.scheme === 'socks5') return openSocksTunnel(route, target, keys, { signal });
  const authorization = new ProxyAuthorization(route, keys);
  return openHttpTunnel(route, authorityOf(url), authorization, { signal });
}

function authorityOf(url: URL): string {
  const { host, port } = addressOf(url);
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function failure(error: unknown, signal: AbortSignal): Error {
  return signal.aborted ? networkProblem('network.aborted') : nodeFailure(error);
}
