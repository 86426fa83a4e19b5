import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startNginx } from '../programs/nginx.ts';

export const nginxBuffers: Network = {
  name: 'nginx-buffers',
  about: 'nginx as most set it up: requests and answers are buffered whole',
  start: inFrontOfServer(({ boshUrl }) =>
    startNginx(boshUrl, {
      server: `location / { proxy_pass http://manager; proxy_buffering on; proxy_request_buffering on; }`,
    }),
  ),
};
