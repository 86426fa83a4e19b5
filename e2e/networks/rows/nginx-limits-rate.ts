import { inFrontOfServer } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startNginx } from '../programs/nginx.ts';

export const nginxLimitsRate: Network = {
  name: 'nginx-limits-rate',
  about: 'nginx answers 429 and Retry-After to more than five requests a second',
  start: inFrontOfServer(({ boshUrl }) =>
    startNginx(boshUrl, {
      http: 'limit_req_zone all zone=rate:1m rate=5r/s;',
      server: `limit_req zone=rate burst=5 nodelay; limit_req_status 429;
        error_page 429 @slower;
        location @slower { add_header Retry-After 1 always; return 429; }
        location / { proxy_pass http://manager; }`,
    }),
  ),
};
