import type { Network } from '../network.ts';

export const nameUnknown: Network = {
  name: 'name-unknown',
  about: 'no proxy is set, and the DNS here does not know the name of the server',
  problem: 'network.name-not-found',
  verdict: 'name-not-found',
  start: async ({ server }) => ({ endpoint: server.boshUrlOutside, stop: async () => {} }),
};
