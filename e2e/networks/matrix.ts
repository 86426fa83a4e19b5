/** The networks Holdfast has to get through, in the order they are shown. */
import type { Network } from './network.ts';
import { certificateExpired } from './rows/certificate-expired.ts';
import { clockWrong } from './rows/clock-wrong.ts';
import { closesIdle } from './rows/closes-idle.ts';
import { delay300ms } from './rows/delay-300ms.ts';
import { delayAndLoss } from './rows/delay-and-loss.ts';
import { direct } from './rows/direct.ts';
import { drips } from './rows/drips.ts';
import { haproxy502 } from './rows/haproxy-502.ts';
import { haproxy503 } from './rows/haproxy-503.ts';
import { haproxyBuffers } from './rows/haproxy-buffers.ts';
import { haproxyCuts30s } from './rows/haproxy-cuts-30s.ts';
import { haproxyLimitsBodies } from './rows/haproxy-limits-bodies.ts';
import { http10 } from './rows/http-1.0.ts';
import { inspected } from './rows/inspected.ts';
import { inspectedUnknown } from './rows/inspected-unknown.ts';
import { loss2Percent } from './rows/loss-2-percent.ts';
import { nameUnknown } from './rows/name-unknown.ts';
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
import { pacPerAddress } from './rows/pac-per-address.ts';
import { pacSocks } from './rows/pac-socks.ts';
import { portalCertificate } from './rows/portal-certificate.ts';
import { portalPage } from './rows/portal-page.ts';
import { portalRedirects } from './rows/portal-redirects.ts';
import { proxyGone } from './rows/proxy-gone.ts';
import { refused } from './rows/refused.ts';
import { socks5 } from './rows/socks5.ts';
import { socks5Password } from './rows/socks5-password.ts';
import { squidBasic } from './rows/squid-basic.ts';
import { squidBlocksName } from './rows/squid-blocks-name.ts';
import { squidCuts10s } from './rows/squid-cuts-10s.ts';
import { squidCuts30s } from './rows/squid-cuts-30s.ts';
import { squidDeniesConnect } from './rows/squid-denies-connect.ts';
import { squidDigest } from './rows/squid-digest.ts';
import { squidNtlm } from './rows/squid-ntlm.ts';
import { squidOpen } from './rows/squid-open.ts';
import { squidShortLives } from './rows/squid-short-lives.ts';
import { squidStranger } from './rows/squid-stranger.ts';
import { stripsHeaders } from './rows/strips-headers.ts';
import { tinyproxy } from './rows/tinyproxy.ts';
import { tinyproxyBasic } from './rows/tinyproxy-basic.ts';
import { tls } from './rows/tls.ts';

export const networks: readonly Network[] = [
  direct,
  tls,
  squidOpen,
  squidBasic,
  squidDigest,
  squidNtlm,
  squidStranger,
  squidDeniesConnect,
  squidBlocksName,
  squidCuts10s,
  squidCuts30s,
  squidShortLives,
  tinyproxy,
  tinyproxyBasic,
  socks5,
  socks5Password,
  pacPerAddress,
  pacSocks,
  inspected,
  inspectedUnknown,
  proxyGone,
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
  haproxy502,
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
  delayAndLoss,
  portalRedirects,
  portalPage,
  portalCertificate,
  certificateExpired,
  clockWrong,
  nameUnknown,
  refused,
];
