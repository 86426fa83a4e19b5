import type { Network } from '../network.ts';
import { startSquidWith } from '../programs/squid-authentication.ts';
import { CLERK, throughProxy } from '../through-proxy.ts';

export const squidStranger: Network = {
  name: 'squid-stranger',
  about: 'Squid asks for a name and password that nobody has set',
  problem: 'network.proxy-auth',
  verdict: 'proxy-auth',
  start: throughProxy(() => startSquidWith('basic', CLERK)),
};
