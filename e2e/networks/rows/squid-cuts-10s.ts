import type { Network } from '../network.ts';
import { startSquid } from '../programs/squid.ts';
import { throughProxy } from '../through-proxy.ts';

export const squidCuts10s: Network = {
  name: 'squid-cuts-10s',
  about: 'Squid cuts tunnels nothing came through for 10 s',
  start: throughProxy(() => startSquid(() => 'http_access allow all\nread_timeout 2 seconds')),
};
