import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLiveCursor } from './live-cursor.ts';

describe('the live cursor', () => {
  it('stays behind what came in the last seconds, which may have been archived in another order', () => {
    const saved: string[] = [];
    const came = createLiveCursor((cursor) => saved.push(cursor));
    came('a', 0);
    came('b', 1_000);
    expect(saved).toEqual([]);
    came('c', 5_500);
    expect(saved).toEqual(['a']);
    came('d', 60_000);
    expect(saved).toEqual(['a', 'c']);
  });

  it('never passes a message younger than its lag', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000)), (pauses) => {
        let now = 0;
        const came = createLiveCursor((cursor) => {
          expect(Number(cursor)).toBeLessThanOrEqual(now - 5_000);
        });
        for (const each of pauses) {
          now += each;
          came(String(now), now);
        }
      }),
    );
  });
});
