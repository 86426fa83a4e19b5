import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startNginx } from '../programs/nginx.ts';

export const nginx504: Network = {
  name: 'nginx-504',
  about: 'nginx answers 504 to every tenth request',
  start: inFrontOfServer(({ boshUrl }) =>
    startNginx(boshUrl, {
      http: 'split_clients "$request_id" $fate { 10% bad; * good; }',
      server: 'location / { if ($fate = bad) { return 504; } proxy_pass http://manager; }',
    }),
  ),
};
