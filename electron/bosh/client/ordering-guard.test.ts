import { describe, expect, it } from 'vitest';
import { OrderingGuard } from './ordering-guard.ts';

/** How late a direction is, as a share of the jitter. */
const LATE = [0.4, -1, 0.7, 1, -0.3, -0.8, 0.1];

/** The guard after so many round trips over a line whose directions take this long, more or less. */
function guardOver(oneWayMs: number, jitterMs: number, samples: number): OrderingGuard {
  const guard = new OrderingGuard(true);
  const oneWay = (index: number) => oneWayMs + (LATE[index % LATE.length] ?? 0) * jitterMs;
  for (let index = 0; index < samples; index += 1) {
    guard.sample(oneWay(2 * index) + oneWay(2 * index + 1));
  }
  return guard;
}

describe('the ordering guard', () => {
  it('is not there where the manager copes with a swap', () => {
    const guard = new OrderingGuard(false);
    guard.sample(500);
    expect(guard.ms).toBe(0);
  });

  it.each([1, 5, 50])(
    'covers how far one request can fall behind another: after %i round trips',
    (samples) => {
      expect(guardOver(300, 100, samples).ms).toBeGreaterThan(200);
      expect(guardOver(10, 2, samples).ms).toBeGreaterThan(4);
    },
  );

  it('comes down to a few ms where the way is even', () => {
    expect(guardOver(300, 0, 50).ms).toBeLessThan(6);
  });

  it('is never felt for long', () => {
    expect(guardOver(3_000, 3_000, 20).ms).toBeLessThanOrEqual(400);
  });
});
