/** The answers of the two connections reach the client in the other order. */
import type { Fault } from '../fault.ts';

export const swapAnswers: Fault = {
  name: 'swap answers',
  weight: 6,
  longest: 2,
  treat: (random) => ({ overtakenWithinMs: 20 + Math.round(random() * 80) }),
};
