import { behindTls } from '../in-front-of-tls.ts';
import type { Network } from '../network.ts';

export const clockWrong: Network = {
  name: 'clock-wrong',
  about:
    'nginx shows a good certificate, and the clock of this computer is 90 days ahead (libfaketime)',
  problem: 'network.certificate-expired',
  verdict: 'clock-off',
  start: behindTls([-1, 1], {
    // The dynamic loader puts the machine's own folder in place of $LIB (ld.so(8)).
    LD_PRELOAD: '/usr/$LIB/faketime/libfaketime.so.1',
    FAKETIME: '+90d',
    // Timers go on as they would.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }),
};
