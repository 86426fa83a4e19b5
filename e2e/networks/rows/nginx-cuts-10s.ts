import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startNginx } from '../programs/nginx.ts';

export const nginxCuts10s: Network = {
  name: 'nginx-cuts-10s',
  about: 'nginx answers 504 to what is held longer than 10 s',
  start: inFrontOfServer(({ boshUrl }) =>
    startNginx(boshUrl, {
      server: 'location / { proxy_pass http://manager; proxy_read_timeout 2s; }',
    }),
  ),
};
