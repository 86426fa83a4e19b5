import type { Network } from '../network.ts';
import { startSquid } from '../programs/squid.ts';
import { throughProxy } from '../through-proxy.ts';

export const squidCuts30s: Network = {
  name: 'squid-cuts-30s',
  about: 'Squid cuts tunnels nothing came through for 30 s',
  start: throughProxy(() => startSquid(() => 'http_access allow all\nread_timeout 6 seconds')),
};
