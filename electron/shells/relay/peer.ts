/**
 * Who sends a request, where reverse proxies may stand in between: believed are only those that the operator
 * trusts. Used by `relay.ts` for the connection manager.
 */
import type { IncomingMessage } from 'node:http';
import proxyAddress from 'proxy-addr';
import type { Peer } from '../../bosh/manager/connection-manager.ts';
import { isLoopbackAddress } from './loopback-address.ts';

/** True where it is an address, a subnet, or a name for some (`loopback`). */
export function isTrustworthy(proxies: string): boolean {
  try {
    proxyAddress.compile(proxies);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param trustedProxies addresses and subnets.
 * @returns what tells the client of a request: the first on its way, seen from here, that is not trusted.
 */
export function peerReader(trustedProxies: readonly string[]): (request: IncomingMessage) => Peer {
  const isTrusted = proxyAddress.compile([...trustedProxies]);
  return (request) => {
    const near = request.socket.remoteAddress ?? '';
    if (near !== '' && isTrusted(near, 0)) return forwardedPeer(request, isTrusted);
    return { address: near, secure: 'encrypted' in request.socket || isLoopbackAddress(near) };
  };
}

function forwardedPeer(
  request: IncomingMessage,
  isTrusted: (address: string, hops: number) => boolean,
): Peer {
  const address = proxyAddress(request, isTrusted);
  const protocol = request.headers['x-forwarded-proto'];
  // What stands last was added by the proxy that is trusted; a client can only have written before it.
  const scheme = String(protocol ?? '')
    .split(',')
    .at(-1)
    ?.trim()
    .toLowerCase();
  const secure = scheme === '' ? 'encrypted' in request.socket : scheme === 'https';
  return { address, secure };
}
