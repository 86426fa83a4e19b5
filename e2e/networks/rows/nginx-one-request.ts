import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startNginx } from '../programs/nginx.ts';

export const nginxOneRequest: Network = {
  name: 'nginx-one-request',
  about: 'nginx answers 503 to a second request while one is held',
  start: inFrontOfServer(({ boshUrl }) =>
    startNginx(boshUrl, {
      http: 'limit_conn_zone all zone=clients:1m;',
      server: 'limit_conn clients 1; location / { proxy_pass http://manager; }',
    }),
  ),
};
