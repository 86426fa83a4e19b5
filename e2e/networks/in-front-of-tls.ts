/** The networks that are nothing but HTTPS at nginx, whose certificate is good at some times (ejabberd alone tells no date). */
import { createAuthority } from '../../electron/network/throwaway-certificates.ts';
import type { Network } from './network.ts';
import { startNginx } from './programs/nginx.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * The authority is one that the computer trusts.
 * @param validDays from and to when the certificate is good, in days from now.
 * @param environment of the computer besides.
 */
export function behindTls(
  [from, to]: readonly [number, number],
  environment: Readonly<Record<string, string>> = {},
): Network['start'] {
  return async ({ server, wire }) => {
    const now = Date.now();
    const { ca, certificates } = await createAuthority({
      names: ['DNS:localhost'],
      from: new Date(now + from * DAY_MS),
      to: new Date(now + to * DAY_MS),
    });
    const [{ cert = '', key = '' } = {}] = certificates;
    const gateway = await startNginx(server.boshUrl, {
      listen: 'ssl',
      files: { 'own.crt': cert, 'own.key': key, 'ca.crt': ca },
      server: `ssl_certificate own.crt; ssl_certificate_key own.key;
        location / { proxy_pass http://manager; }`,
    });
    const endpoint = new URL(server.boshUrlTls);
    endpoint.port = String(await wire(gateway.port));
    return {
      endpoint: endpoint.href,
      environment: { ...environment, NODE_EXTRA_CA_CERTS: `${gateway.folder}/ca.crt` },
      stop: () => gateway.stop(),
    };
  };
}
