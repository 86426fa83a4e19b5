import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startHaproxy } from '../programs/haproxy.ts';

export const closesIdle: Network = {
  name: 'closes-idle',
  about: 'HAProxy closes a connection that was idle for 5 s',
  start: inFrontOfServer(({ boshUrl }) =>
    startHaproxy(boshUrl, { frontend: 'timeout http-keep-alive 1s' }),
  ),
};
