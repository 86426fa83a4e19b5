import type { Network } from '../network.ts';
import { startMitmproxy } from '../programs/mitmproxy.ts';
import { throughProxy } from '../through-proxy.ts';

export const inspectedUnknown: Network = {
  name: 'inspected-unknown',
  about: 'mitmproxy inspects TLS, with a CA that the computer does not know',
  problem: 'network.certificate-unknown-issuer',
  verdict: 'certificate-unknown-issuer',
  start: throughProxy(({ certificate }) => startMitmproxy(certificate)),
};
