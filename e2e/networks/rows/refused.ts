import type { Network } from '../network.ts';

export const refused: Network = {
  name: 'refused',
  about: 'nothing listens at the address',
  problem: 'network.refused',
  verdict: 'refused',
  start: async () => ({ endpoint: 'http://127.0.0.1:9/http-bind', stop: async () => {} }),
};
