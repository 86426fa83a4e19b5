import type { Network } from '../network.ts';
import { startSquid } from '../programs/squid.ts';
import { throughProxy } from '../through-proxy.ts';

export const squidBlocksName: Network = {
  name: 'squid-blocks-name',
  about: 'Squid has the name of the server on its list of blocked ones',
  problem: 'network.proxy-refused',
  verdict: 'proxy-refused',
  start: throughProxy(() =>
    startSquid(
      () => 'acl games dstdomain .outside.test\nhttp_access deny games\nhttp_access allow all',
    ),
  ),
};
