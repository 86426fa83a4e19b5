import type { Network } from '../network.ts';
import { throughProxy } from '../through-proxy.ts';

/** The port of nobody (RFC 863's discard service is not run anywhere any more). */
const NOBODY = 9;

export const proxyGone: Network = {
  name: 'proxy-gone',
  about: 'the system names a proxy that is not there',
  problem: 'network.proxy-unreachable',
  verdict: 'proxy-unreachable',
  start: async ({ server }) =>
    throughProxy(async () => ({ port: NOBODY, stop: async () => {} }))({
      server,
      // A wire would take connections in its place.
      wire: async (port) => port,
    }),
};
