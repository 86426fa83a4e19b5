/** Something on the way compresses the answer, asked or not. */
import type { Fault } from '../fault.ts';

export const gzip: Fault = {
  name: 'gzip',
  weight: 4,
  longest: 5,
  treat: () => ({ form: 'gzip' }),
};
