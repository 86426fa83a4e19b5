/** The connection to a proxy itself: TCP, and TLS where the proxy speaks it. The tunnels begin with one. */
import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { networkProblem } from '../network-problem.ts';
import { nodeFailure } from '../node-failure.ts';
import { proxyDetail, proxyProblem } from './proxy-problem.ts';
import type { ProxyRoute } from './route.ts';

export interface ProxySocketOptions {
  /** Aborting closes whatever has been opened. */
  readonly signal: AbortSignal;
  /** For a proxy that speaks TLS; absent: Node's own trust anchors. */
  readonly secureContext?: SecureContext | undefined;
}

/** A proxy is near: one that does not take a connection for this long is taken to be gone, in ms. */
const reachMs = 10_000;

/** @throws ProblemError `network.proxy-unreachable`, `network.proxy-tls` or `network.aborted` */
export async function openProxySocket(
  proxy: ProxyRoute,
  { signal, secureContext }: ProxySocketOptions,
): Promise<Socket> {
  const { host, port } = proxy;
  const isSecure = proxy.scheme === 'https';
  const socket = isSecure
    ? connectTls({
        ...{ host, port, ALPNProtocols: ['http/1.1'] },
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ...(secureContext === undefined ? {} : { secureContext }),
      })
    : connectTcp({ host, port });
  socket.setNoDelay(true);
  const limit = AbortSignal.timeout(reachMs);
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect', {
      signal: AbortSignal.any([signal, limit]),
    });
    return socket;
  } catch (error) {
    socket.on('error', () => {}).destroy();
    if (signal.aborted) throw networkProblem('network.aborted');
    if (limit.aborted) {
      throw networkProblem('network.proxy-unreachable', {
        detail: proxyDetail(proxy, `takes no connection within ${reachMs} ms`),
      });
    }
    const isTls = nodeFailure(error).problem.code === 'network.tls';
    throw proxyProblem(isTls ? 'network.proxy-tls' : 'network.proxy-unreachable', proxy, error);
  }
}
