import { behindTls } from '../in-front-of-tls.ts';
import type { Network } from '../network.ts';

export const certificateExpired: Network = {
  name: 'certificate-expired',
  about: 'nginx shows a certificate that ran out yesterday',
  problem: 'network.certificate-expired',
  verdict: 'certificate-expired',
  start: behindTls([-2, -1]),
};
