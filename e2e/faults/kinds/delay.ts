/** The way there, the way back or both take longer than usual: other requests may overtake this one. */
import type { Fault } from '../fault.ts';

export const delay: Fault = {
  name: 'delay',
  weight: 6,
  longest: 3,
  treat: (random) => ({
    requestDelayMs: Math.round(random() ** 2 * 60),
    answerDelayMs: Math.round(random() ** 2 * 120),
  }),
};
