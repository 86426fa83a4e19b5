import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startNginx } from '../programs/nginx.ts';

export const nginxNoKeepAlive: Network = {
  name: 'nginx-no-keep-alive',
  about: 'nginx closes every connection after one answer',
  start: inFrontOfServer(({ boshUrl }) =>
    startNginx(boshUrl, {
      server: 'keepalive_timeout 0; location / { proxy_pass http://manager; }',
    }),
  ),
};
