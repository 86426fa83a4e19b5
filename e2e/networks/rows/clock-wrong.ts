import type { Network } from '../network.ts';
import { tls } from './tls.ts';

export const clockWrong: Network = {
  name: 'clock-wrong',
  about: 'HTTPS, and the clock of this computer is 90 days ahead (libfaketime)',
  problem: 'network.certificate-expired',
  verdict: 'clock-off',
  start: async (place) => {
    const { endpoint, environment, stop } = await tls.start(place);
    return {
      endpoint,
      environment: {
        ...environment,
        // The dynamic loader puts the machine's own folder in place of $LIB (ld.so(8)).
        LD_PRELOAD: '/usr/$LIB/faketime/libfaketime.so.1',
        FAKETIME: '+90d',
        // Timers go on as they would.
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
      stop,
    };
  },
};
