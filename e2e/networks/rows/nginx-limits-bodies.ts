import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startNginx } from '../programs/nginx.ts';

export const nginxLimitsBodies: Network = {
  name: 'nginx-limits-bodies',
  about: 'nginx answers 413 to bodies over 4 kB',
  messageLength: 1_500,
  start: inFrontOfServer(({ boshUrl }) =>
    startNginx(boshUrl, {
      server: 'client_max_body_size 4k; location / { proxy_pass http://manager; }',
    }),
  ),
};
