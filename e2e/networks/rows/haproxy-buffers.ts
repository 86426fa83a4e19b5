import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startHaproxy } from '../programs/haproxy.ts';

export const haproxyBuffers: Network = {
  name: 'haproxy-buffers',
  about: 'HAProxy waits for whole requests and hides the address of the client',
  start: inFrontOfServer(({ boshUrl }) =>
    startHaproxy(boshUrl, { backend: 'option http-buffer-request' }),
  ),
};
