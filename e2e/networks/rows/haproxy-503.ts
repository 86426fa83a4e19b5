import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startHaproxy } from '../programs/haproxy.ts';

export const haproxy503: Network = {
  name: 'haproxy-503',
  about: 'HAProxy answers 503 to every tenth request',
  start: inFrontOfServer(({ boshUrl }) =>
    startHaproxy(boshUrl, { frontend: 'http-request deny deny_status 503 if { rand(10) eq 0 }' }),
  ),
};
