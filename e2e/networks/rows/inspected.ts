import type { Network } from '../network.ts';
import { startMitmproxy } from '../programs/mitmproxy.ts';
import { throughProxy } from '../through-proxy.ts';

export const inspected: Network = {
  name: 'inspected',
  about: 'mitmproxy inspects TLS, with a CA that the company has put on the computer',
  start: throughProxy(({ certificate }) => startMitmproxy(certificate), { ca: ({ ca }) => ca }),
};
