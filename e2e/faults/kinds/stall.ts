/**
 * One connection goes silent for good, as when a firewall has forgotten it: no reset, no end, no answer,
 * before or after the server saw the request. Another connection works.
 */
import type { Fault, Treatment } from '../fault.ts';

export const stall: Fault = {
  name: 'stall',
  weight: 1,
  treat: (random): Treatment =>
    random() < 0.5 ? { stalls: true, isLost: true } : { stalls: true, outlivesClient: true },
};
