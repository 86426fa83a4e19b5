import { createAuthority } from '../../../electron/network/throwaway-certificates.ts';
import type { Network } from '../network.ts';
import { startNginx } from '../programs/nginx.ts';

const DAY_MS = 24 * 60 * 60_000;

export const certificateExpired: Network = {
  name: 'certificate-expired',
  about: 'nginx shows a certificate that ran out yesterday',
  problem: 'network.certificate-expired',
  verdict: 'certificate-expired',
  start: async ({ server, wire }) => {
    const yesterday = Date.now() - DAY_MS;
    const { ca, certificates } = await createAuthority({
      names: ['DNS:localhost'],
      from: new Date(yesterday - DAY_MS),
      to: new Date(yesterday),
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
      environment: { NODE_EXTRA_CA_CERTS: `${gateway.folder}/ca.crt` },
      stop: () => gateway.stop(),
    };
  },
};
