/** The server took the request and answered, and the connection breaks before a byte of the answer came. */
import type { Fault } from '../fault.ts';

export const dropAnswer: Fault = {
  name: 'drop answer',
  weight: 4,
  longest: 2,
  treat: (random) => ({ cut: { share: 0, by: random() < 0.5 ? 'reset' : 'close' } }),
};
