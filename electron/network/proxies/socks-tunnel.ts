/** A tunnel through a SOCKS5 proxy, by name, so that the proxy resolves it (RFC 1928; user and password RFC 1929). */
import type { Socket } from 'node:net';
import { SocksClient } from 'socks';
import type { ProblemError } from '../../../shared/problem.ts';
import { networkProblem, type ProxyFailure } from '../network-problem.ts';
import type { ProxyKeys } from './proxy-keys.ts';
import { proxyDetail, proxyProblem } from './proxy-problem.ts';
import { openProxySocket, type ProxySocketOptions } from './proxy-socket.ts';
import type { ProxyCredentials, ProxyRoute } from './route.ts';

/** How long the proxy may take to reach the server, in ms; the exchange's own clock is the shorter one as a rule. */
const answerMs = 120_000;

/**
 * A socket whose other end is the server's.
 * @throws ProblemError `network.proxy-…` or `network.aborted`
 */
export async function openSocksTunnel(
  proxy: ProxyRoute,
  target: { readonly host: string; readonly port: number },
  keys: ProxyKeys,
  options: ProxySocketOptions,
): Promise<Socket> {
  const { credentials: own, ...address } = proxy;
  const credentials = (await keys.find(address)) ?? own;
  const socket = await openProxySocket(proxy, options);
  const close = (): void => void socket.destroy();
  options.signal.addEventListener('abort', close);
  try {
    await SocksClient.createConnection({
      command: 'connect',
      destination: target,
      timeout: answerMs,
      existing_socket: socket,
      proxy: {
        ...{ host: proxy.host, port: proxy.port, type: 5 },
        ...(credentials && { userId: credentials.username, password: credentials.password }),
      },
    });
    return socket;
  } catch (error) {
    socket.destroy();
    if (options.signal.aborted) throw networkProblem('network.aborted');
    throw failure(proxy, error, credentials, keys);
  } finally {
    options.signal.removeEventListener('abort', close);
  }
}

function failure(
  proxy: ProxyRoute,
  error: unknown,
  refused: ProxyCredentials | undefined,
  keys: ProxyKeys,
): ProblemError {
  const text = error instanceof Error ? error.message : String(error);
  if (/no accepted authentication type|Authentication failed/.test(text)) {
    const { scheme, host, port } = proxy;
    keys.ask({ proxy: { scheme, host, port }, scheme: 'SOCKS5' }, refused);
    const detail = proxyDetail(proxy, 'asks for a name and password');
    return networkProblem('network.proxy-auth', { detail, cause: error });
  }
  return proxyProblem(nameOf(text), proxy, { message: text });
}

/** By the library's words, which end in the reply's name where the proxy gave one (RFC 1928 §6). */
function nameOf(text: string): ProxyFailure {
  if (/NotAllowed/.test(text)) return 'network.proxy-refused';
  if (/rejected connection|timed out/.test(text)) return 'network.proxy-gateway';
  return 'network.proxy-answer';
}
