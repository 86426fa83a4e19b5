import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startHaproxy } from '../programs/haproxy.ts';

export const haproxyCuts30s: Network = {
  name: 'haproxy-cuts-30s',
  about: 'HAProxy answers 504 to what is held longer than 30 s',
  start: inFrontOfServer(({ boshUrl }) => startHaproxy(boshUrl, { backend: 'timeout server 6s' })),
};
