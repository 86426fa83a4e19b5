import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startHaproxy } from '../programs/haproxy.ts';

export const haproxy502: Network = {
  name: 'haproxy-502',
  about: 'HAProxy answers 502 to every tenth request',
  start: inFrontOfServer(({ boshUrl }) =>
    startHaproxy(boshUrl, { frontend: 'http-request deny deny_status 502 if { rand(10) eq 0 }' }),
  ),
};
