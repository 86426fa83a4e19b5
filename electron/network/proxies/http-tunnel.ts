/**
 * A tunnel through an HTTP proxy: CONNECT by name, so that the proxy resolves it (RFC 9110 §9.3.6). Proxies
 * that speak HTTP/1.0 or keep no connection alive are met with a fresh one for each try.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { networkProblem } from '../network-problem.ts';
import { nodeFailure } from '../node-failure.ts';
import type { ProxyAuthorization } from './proxy-authorization.ts';
import { proxyProblem, refusedTunnel } from './proxy-problem.ts';
import { openProxySocket, type ProxySocketOptions } from './proxy-socket.ts';
import type { ProxyRoute } from './route.ts';

/** Once without an answer, once with a stale one, once with a fresh one. */
const mostTries = 3;

/**
 * A socket whose other end is the server's.
 * @param authority host and port, IPv6 in brackets.
 * @throws ProblemError `network.proxy-…`, `network.reset` where the proxy closes without an answer, or
 *   `network.aborted`
 */
export async function openHttpTunnel(
  proxy: ProxyRoute,
  authority: string,
  authorization: ProxyAuthorization,
  options: ProxySocketOptions,
): Promise<Socket> {
  let given = authorization.answer;
  for (let tries = 1; ; tries += 1) {
    const socket = await openProxySocket(proxy, options);
    const authorized = given?.header(authority);
    const answer = await connectThrough(socket, proxy, authority, authorized, options.signal);
    const { statusCode: status = 0, statusMessage: reason = '', headers } = answer;
    if (status >= 200 && status < 300) return socket;
    socket.destroy();
    // tinyproxy says 401 to credentials it does not know.
    const isAsked = status === 407 || (status === 401 && given !== undefined);
    if (!isAsked || tries === mostTries) throw refusedTunnel(proxy, status, reason);
    const challenges = headers['proxy-authenticate'] ?? headers['www-authenticate'];
    given = await authorization.challenged([challenges ?? []].flat().join(', '), given);
  }
}

function connectThrough(
  socket: Socket,
  proxy: ProxyRoute,
  authority: string,
  authorization: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = httpRequest({
    method: 'CONNECT',
    path: authority,
    headers: {
      Host: authority,
      ...(authorization === undefined ? {} : { 'Proxy-Authorization': authorization }),
    },
    createConnection: () => socket,
    signal,
  });
  request.on('connect', (answer, _socket, head) => {
    if (head.length > 0) socket.unshift(head);
    resolve(answer);
  });
  request.on('error', (error: NodeJS.ErrnoException) => {
    socket.destroy();
    if (signal.aborted) return reject(networkProblem('network.aborted'));
    const isNoHttp = error.code?.startsWith('HPE_') ?? false;
    reject(isNoHttp ? proxyProblem('network.proxy-answer', proxy, error) : nodeFailure(error));
  });
  request.end();
  return promise;
}
