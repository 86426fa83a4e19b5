import type { Network } from '../network.ts';

export const tls: Network = {
  name: 'tls',
  about: 'HTTPS, and nothing stands in between',
  start: async ({ server, wire }) => {
    const endpoint = new URL(server.boshUrlTls);
    endpoint.port = String(await wire(Number(endpoint.port)));
    return {
      endpoint: endpoint.href,
      tcp: `127.0.0.1:${await wire(server.c2s.port)}`,
      environment: { NODE_EXTRA_CA_CERTS: server.certificate },
      stop: async () => {},
    };
  },
};
