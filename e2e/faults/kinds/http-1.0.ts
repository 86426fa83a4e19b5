/** Something on the way speaks HTTP/1.0 without keep-alive: the end of the connection is the end of the answer. */
import type { Fault } from '../fault.ts';

export const http10: Fault = {
  name: 'HTTP/1.0',
  weight: 4,
  longest: 5,
  treat: () => ({ form: 'http-1.0' }),
};
