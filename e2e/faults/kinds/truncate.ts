/**
 * The answer ends too early, in good order. With Content-Length that shows; from a server that marks the
 * end by closing the connection, the rest of the answer is missing and only its XML says so.
 */
import type { Fault, Treatment } from '../fault.ts';

export const truncate: Fault = {
  name: 'truncate',
  weight: 3,
  longest: 2,
  treat: (random): Treatment => {
    const cut = { share: random() * 0.95, by: 'close' } as const;
    return random() < 0.5 ? { cut } : { cut, form: 'http-1.0' };
  },
};
