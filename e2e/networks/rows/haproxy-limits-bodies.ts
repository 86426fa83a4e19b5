import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startHaproxy } from '../programs/haproxy.ts';

export const haproxyLimitsBodies: Network = {
  name: 'haproxy-limits-bodies',
  about: 'HAProxy answers 403 to bodies over 4 kB',
  messageLength: 1_500,
  start: inFrontOfServer(({ boshUrl }) =>
    startHaproxy(boshUrl, {
      frontend: `option http-buffer-request
  http-request deny deny_status 403 if { req.body_size gt 4096 }`,
    }),
  ),
};
