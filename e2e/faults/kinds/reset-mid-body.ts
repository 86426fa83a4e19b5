/** The connection is reset in the middle of the answer. */
import type { Fault } from '../fault.ts';

export const resetMidBody: Fault = {
  name: 'reset mid-body',
  weight: 3,
  longest: 2,
  treat: (random) => ({ cut: { share: 0.05 + random() * 0.9, by: 'reset' } }),
};
