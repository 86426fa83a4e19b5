import type { Network } from '../network.ts';
import { startSquid } from '../programs/squid.ts';
import { throughProxy } from '../through-proxy.ts';

export const squidDeniesConnect: Network = {
  name: 'squid-denies-connect',
  about: 'Squid as it comes: tunnels lead to port 443 only',
  problem: 'network.proxy-refused',
  verdict: 'proxy-refused',
  start: throughProxy(() =>
    startSquid(() => 'acl usual port 443\nhttp_access deny CONNECT !usual\nhttp_access allow all'),
  ),
};
