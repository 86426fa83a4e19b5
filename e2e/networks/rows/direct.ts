import type { Network } from '../network.ts';

export const direct: Network = {
  name: 'direct',
  about: 'nothing stands in between',
  start: async ({ server, wire }) => {
    const endpoint = new URL(server.boshUrl);
    endpoint.port = String(await wire(Number(endpoint.port)));
    const tcp = `127.0.0.1:${await wire(server.c2s.port)}`;
    return { endpoint: endpoint.href, tcp, stop: async () => {} };
  },
};
