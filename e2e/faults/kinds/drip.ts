/** The answer comes byte by byte. */
import type { Fault } from '../fault.ts';

export const drip: Fault = {
  name: 'drip',
  weight: 2,
  treat: () => ({ dripMs: 1 }),
};
