/**
 * The order in which links are to be tried: by priority, and by chance within one, as SRV records are
 * (RFC 2782, which XEP-0487 §2.1 borrows). Pure.
 */
import type { HostMetaLink } from './host-meta.ts';

/**
 * Those of the lowest priority first; those without one last, in their own order.
 * @param random a number in [0, 1) at each call
 */
export function inTurn<L extends HostMetaLink>(links: readonly L[], random: () => number): L[] {
  const ranked = links.filter(({ priority }) => priority !== undefined);
  const priorities = [...new Set(ranked.map(({ priority = 0 }) => priority))].sort((a, b) => a - b);
  return [
    ...priorities.flatMap((priority) =>
      byWeight(
        ranked.filter((link) => link.priority === priority),
        random,
      ),
    ),
    ...links.filter(({ priority }) => priority === undefined),
  ];
}

/** Each with a chance in proportion to its weight; one that weighs nothing has a small chance. */
function byWeight<L extends HostMetaLink>(links: readonly L[], random: () => number): L[] {
  const left = [...links].sort((a, b) => (a.weight ?? 0) - (b.weight ?? 0));
  const order: L[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight = 0 }) => sum + weight, 0);
    const drawn = random() * (total + 1);
    let sum = 0;
    const found = left.findIndex(({ weight = 0 }) => {
      sum += weight;
      return sum >= drawn;
    });
    order.push(...left.splice(found < 0 ? left.length - 1 : found, 1));
  }
  return order;
}
