/** The networks Holdfast has to get through, in the order they are shown. */
import type { Network } from './network.ts';
import { closesIdle } from './rows/closes-idle.ts';
import { delay300ms } from './rows/delay-300ms.ts';
import { direct } from './rows/direct.ts';
import { drips } from './rows/drips.ts';
import { haproxy503 } from './rows/haproxy-503.ts';
import { haproxyBuffers } from './rows/haproxy-buffers.ts';
import { haproxyCuts30s } from './rows/haproxy-cuts-30s.ts';
import { haproxyLimitsBodies } from './rows/haproxy-limits-bodies.ts';
import { http10 } from './rows/http-1.0.ts';
import { loss2Percent } from './rows/loss-2-percent.ts';
import { natForgets } from './rows/nat-forgets.ts';
import { nginx502 } from './rows/nginx-502.ts';
import { nginx504 } from './rows/nginx-504.ts';
import { nginxBuffers } from './rows/nginx-buffers.ts';
import { nginxCuts10s } from './rows/nginx-cuts-10s.ts';
import { nginxLimitsBodies } from './rows/nginx-limits-bodies.ts';
import { nginxLimitsRate } from './rows/nginx-limits-rate.ts';
import { nginxNoKeepAlive } from './rows/nginx-no-keep-alive.ts';
import { nginxOneRequest } from './rows/nginx-one-request.ts';
import { oneConnection } from './rows/one-connection.ts';
import { portalPage } from './rows/portal-page.ts';
import { portalRedirects } from './rows/portal-redirects.ts';
import { stripsHeaders } from './rows/strips-headers.ts';
import { tls } from './rows/tls.ts';

export const networks: readonly Network[] = [
  direct,
  tls,
  nginxBuffers,
  nginxCuts10s,
  nginx502,
  nginx504,
  nginxLimitsBodies,
  nginxLimitsRate,
  nginxOneRequest,
  nginxNoKeepAlive,
  haproxyBuffers,
  haproxyCuts30s,
  haproxy503,
  haproxyLimitsBodies,
  http10,
  oneConnection,
  closesIdle,
  stripsHeaders,
  drips,
  natForgets,
  delay300ms,
  loss2Percent,
  portalRedirects,
  portalPage,
];
