import type { Network } from '../network.ts';

export const tls: Network = {
  name: 'tls',
  about: 'HTTPS, and nothing stands in between',
  start: async ({ server, wire }) => {
    const endpoint = new URL(server.boshUrlTls);
    endpoint.port = String(await wire(Number(endpoint.port)));
    return {
      endpoint: endpoint.href,
      environment: { NODE_EXTRA_CA_CERTS: server.certificate },
      stop: async () => {},
    };
  },
};
