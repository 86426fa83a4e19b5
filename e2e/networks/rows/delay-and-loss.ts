import { overRelay } from '../in-front.ts';
import type { Network } from '../network.ts';
import { startFar } from '../wires/far.ts';
import { startLossy } from '../wires/lossy.ts';

export const delayAndLoss: Network = {
  name: 'delay-and-loss',
  about: 'both at once: 300 ms, 100 ms more or less, and two packets in a hundred lost',
  start: overRelay(async (port) => {
    const lossy = await startLossy(port, 2);
    const far = await startFar(lossy.port, 300, 100);
    return {
      port: far.port,
      stop: async () => {
        await far.stop();
        await lossy.stop();
      },
    };
  }),
};
