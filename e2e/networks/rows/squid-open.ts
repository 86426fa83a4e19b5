import type { Network } from '../network.ts';
import { startSquid } from '../programs/squid.ts';
import { throughProxy } from '../through-proxy.ts';

export const squidOpen: Network = {
  name: 'squid-open',
  about: 'Squid lets everybody through, by names that only it can resolve',
  start: throughProxy(() => startSquid(() => 'http_access allow all')),
};
