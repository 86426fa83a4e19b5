import type { Network } from '../network.ts';
import { startMicrosocks } from '../programs/microsocks.ts';
import { throughProxy } from '../through-proxy.ts';

export const socks5: Network = {
  name: 'socks5',
  about: 'a SOCKS5 proxy',
  start: throughProxy(() => startMicrosocks(), { scheme: 'socks5' }),
};
