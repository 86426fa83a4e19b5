/** Request identifiers (XEP-0124 §14.1): large, random at the start, one more for each request. */
import { randomInt } from 'node:crypto';

/** No rid is ever larger (XEP-0124 §14.1). */
export const MAX_RID = Number.MAX_SAFE_INTEGER;

/**
 * A first rid that cannot be guessed and leaves room to count for centuries: 2^40 to 2^40 + 2^47, from a
 * cryptographic source.
 */
export function randomRid(): number {
  return 2 ** 40 + randomInt(2 ** 47);
}
