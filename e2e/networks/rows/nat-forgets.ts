import { overRelay } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startForgetful } from '../wires/forgetful.ts';

export const natForgets: Network = {
  name: 'nat-forgets',
  about: 'a NAT silently forgets connections that were idle for 30 s',
  start: overRelay((port) => startForgetful(port, 6_000)),
};
