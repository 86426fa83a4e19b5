/**
 * How long to wait before the next attempt to sign in: exponential growth with full jitter, so that
 * clients cut off together do not come back together. The resume ladder calls it.
 */

const FIRST_MS = 1_000;
const MOST_MS = 60_000;

/**
 * @param failures Attempts that failed in a row, 1 or more.
 * @param random From 0 up to, not including, 1.
 * @returns Milliseconds, from 0 to 60,000.
 */
export function backoff(failures: number, random: () => number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.round(random() * most);
}
