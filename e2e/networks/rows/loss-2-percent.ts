import { overRelay } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startLossy } from '../wires/lossy.ts';

export const loss2Percent: Network = {
  name: 'loss-2-percent',
  about: 'two packets in a hundred are lost',
  start: overRelay((port) => startLossy(port, 2)),
};
