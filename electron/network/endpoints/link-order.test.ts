import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inTurn } from './link-order.ts';

const hrefs = (links: readonly { href: string }[]) => links.map(({ href }) => href).join('');

describe('the order of links', () => {
  it('is by priority, the lowest first, and those without one last', () => {
    const links = [
      { href: 'x' },
      { href: 'b', priority: 10, weight: 0 },
      { href: 'y' },
      { href: 'a', priority: 5, weight: 50 },
      { href: 'c', priority: 20 },
    ];
    expect(hrefs(inTurn(links, () => 0.5))).toBe('abcxy');
  });

  it('is by chance within a priority, in proportion to weight', () => {
    const links = [
      { href: 'light', priority: 1, weight: 10 },
      { href: 'heavy', priority: 1, weight: 90 },
    ];
    expect(inTurn(links, () => 0.05)[0]?.href).toBe('light');
    expect(inTurn(links, () => 0.5)[0]?.href).toBe('heavy');
    expect(inTurn(links, () => 0.999)[0]?.href).toBe('heavy');
  });

  it('has every link once, whatever is drawn', () => {
    const link = fc.record(
      {
        href: fc.string(),
        priority: fc.integer({ min: 0, max: 3 }),
        weight: fc.integer({ min: 0, max: 65_535 }),
      },
      { requiredKeys: ['href'] },
    );
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(link), chance, (links, drawn) => {
        const ordered = inTurn(links, () => drawn);
        expect(new Set(ordered)).toEqual(new Set(links));
        expect(ordered).toHaveLength(links.length);
      }),
    );
  });
});
