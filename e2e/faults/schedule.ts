/** Which fault hits which exchange: a pure function of the seed, so that any run can be replayed. */
import { seededRandom } from '../random.ts';
import type { Fault, PlannedFault } from './fault.ts';

/** What befalls the exchange of this number, counted from 0; undefined where all goes well. */
export type Schedule = (exchange: number) => PlannedFault | undefined;

/** The share of a network's kinds that a seed knows, and how often a fault begins at an exchange. */
const KINDS_SHARE = 0.6;
const RATE = { least: 0.02, most: 0.08 };

/**
 * Every seed is a network of its own: some kinds never come there, and it is a better or a worse one. What
 * two kinds do together shows where others are not in the way.
 */
export function schedule(seed: number, kinds: readonly Fault[]): Schedule {
  const random = seededRandom(seed);
  const known = kinds.filter(() => random() < KINDS_SHARE);
  const drawn = known.length > 0 ? known : kinds;
  const rate = RATE.least + random() * (RATE.most - RATE.least);
  const planned: (PlannedFault | undefined)[] = [];
  return (exchange) => {
    while (planned.length <= exchange) planned.push(...next(drawn, rate, random));
    return planned[exchange];
  };
}

/** One exchange without a fault, or as many as the next fault lasts. */
function next(
  kinds: readonly Fault[],
  rate: number,
  random: () => number,
): (PlannedFault | undefined)[] {
  const fault = random() < rate ? draw(kinds, random) : undefined;
  if (!fault) return [undefined];
  const length = 1 + Math.floor(random() * (fault.longest ?? 1));
  return Array.from({ length }, () => ({ name: fault.name, treatment: fault.treat(random) }));
}

function draw(kinds: readonly Fault[], random: () => number): Fault | undefined {
  let left = random() * kinds.reduce((sum, { weight }) => sum + weight, 0);
  return kinds.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
}
