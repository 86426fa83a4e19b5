/** A connection is closed soon after it fell idle, perhaps just as the next request is on its way. */
import type { Fault } from '../fault.ts';

export const closeIdle: Fault = {
  name: 'close idle',
  weight: 6,
  longest: 3,
  treat: (random) => ({ closesAfterMs: Math.round(random() ** 2 * 20) }),
};
