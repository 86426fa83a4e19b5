import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startHaproxy } from '../programs/haproxy.ts';

export const oneConnection: Network = {
  name: 'one-connection',
  about: 'HAProxy serves one connection at a time and lets a second one wait',
  start: inFrontOfServer(({ boshUrl }) => startHaproxy(boshUrl, { frontend: 'maxconn 1' })),
};
