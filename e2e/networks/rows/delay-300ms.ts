import { overRelay } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startFar } from '../wires/far.ts';

export const delay300ms: Network = {
  name: 'delay-300ms',
  about: 'every direction takes 300 ms, 100 ms more or less',
  start: overRelay((port) => startFar(port, 300, 100)),
};
