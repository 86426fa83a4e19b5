/** The connection breaks before the request has got through: the server never sees it. */
import type { Fault } from '../fault.ts';

export const dropRequest: Fault = {
  name: 'drop request',
  weight: 4,
  longest: 3,
  treat: (random) => ({ isLost: true, breaksAfterMs: Math.round(random() * 20) }),
};
