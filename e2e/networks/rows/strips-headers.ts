import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startHaproxy } from '../programs/haproxy.ts';

export const stripsHeaders: Network = {
  name: 'strips-headers',
  about: 'HAProxy takes away every header but those HTTP needs',
  start: inFrontOfServer(({ boshUrl }) =>
    startHaproxy(boshUrl, {
      frontend: `http-request del-header content-type
  http-request del-header accept -m beg
  http-response del-header content-type
  http-response del-header cache-control
  http-response del-header access-control -m beg`,
    }),
  ),
};
