/**
 * An intermediary that lost its connection to the server, or believes so, sends the request once more in the
 * same bytes and hands back what the second copy is answered. The first copy's answer has no way back.
 */
import type { Fault } from '../fault.ts';

export const duplicate: Fault = {
  name: 'duplicate',
  weight: 4,
  treat: (random) => ({ copyAfterMs: 10 + Math.round(random() * 40) }),
};
