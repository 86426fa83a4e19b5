/**
 * The connection breaks while the server may still be holding the request. A proxy that tells the server
 * so closes its own connection; one that does not lets the server answer into the void.
 */
import type { Fault, Treatment } from '../fault.ts';

export const breakWhileHeld: Fault = {
  name: 'break while held',
  weight: 4,
  longest: 2,
  treat: (random): Treatment => {
    const breaksAfterMs = 5 + Math.round(random() * 60);
    return random() < 0.5 ? { breaksAfterMs } : { breaksAfterMs, outlivesClient: true };
  },
};
