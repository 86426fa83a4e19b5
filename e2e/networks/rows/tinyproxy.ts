import type { Network } from '../network.ts';
import { startTinyproxy } from '../programs/tinyproxy.ts';
import { throughProxy } from '../through-proxy.ts';

export const tinyproxy: Network = {
  name: 'tinyproxy',
  about: 'tinyproxy, which speaks HTTP/1.0 to its clients',
  start: throughProxy(() => startTinyproxy()),
};
