/** How long to wait before a broken session tries again: grows, is bounded, and never in step with others. */

/** The first repeat comes at once: a keep-alive connection closed while idle is no fault of the network. */
const BASE_MS = 500;
const CAP_MS = 30_000;

/**
 * The pause before the next try, in ms.
 * @param failures how many tries in a row failed, 1 or more.
 * @param random a number in [0, 1).
 */
export function backoffMs(failures: number, random: number): number {
  if (failures <= 1) return Math.round(random * 50);
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures - 2, 16));
  return Math.round(ceiling * (0.5 + random / 2));
}
