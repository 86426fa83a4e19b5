import type { Network } from '../network.ts';
import { startMicrosocks } from '../programs/microsocks.ts';
import { CLERK, throughProxy } from '../through-proxy.ts';

export const socks5Password: Network = {
  name: 'socks5-password',
  about: 'a SOCKS5 proxy that asks for a name and password',
  start: throughProxy(() => startMicrosocks(CLERK), { scheme: 'socks5', credentials: CLERK }),
};
