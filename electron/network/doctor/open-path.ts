/**
 * Connections as bare as the doctor needs them, to see which part of the way fails: TCP, and a tunnel
 * through a proxy (RFC 9110 §9.3.6). The steps `connection`, `proxy-sign-in` and `encryption` call it.
 */
import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { networkProblem } from '../network-problem.ts';
import { nodeFailure } from '../node-failure.ts';
import type { Route } from './network-path.ts';

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
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Leads to the target where the status is 2xx; to be destroyed by the caller. */
  readonly socket: Duplex;
}

/** Asks an HTTP proxy for a tunnel to the target of a URL. @throws ProblemError where it does not answer. */
export async function openTunnel(
  proxy: Extract<Route, { kind: 'proxy' }>,
  target: URL,
  signal: AbortSignal,
): Promise<TunnelAnswer> {
  const { host, port } = addressOf(target);
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const send = proxy.scheme === 'https' ? requestHttps : requestHttp;
  const asked = send({
    ...{ host: proxy.host, port: proxy.port, method: 'CONNECT', path: authority, agent: false },
    headers: { host: authority },
    signal,
  });
  try {
    const answer = new Promise<TunnelAnswer>((resolve, reject) => {
      asked.on('error', reject);
      asked.on('connect', ({ statusCode = 0, headers }, socket) => {
        socket.on('error', () => {});
        const named = Object.entries(headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]);
        resolve({ status: statusCode, headers: Object.fromEntries(named), socket });
      });
    });
    asked.end();
    return await answer;
  } catch (error) {
    asked.destroy();
    throw failure(error, signal);
  }
}

function failure(error: unknown, signal: AbortSignal): Error {
  return signal.aborted ? networkProblem('network.aborted') : nodeFailure(error);
}
