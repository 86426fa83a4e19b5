import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Health } from '../../shared/health.ts';
import { createHealthFeed } from './health-feed.ts';

const reading = (nextRid: number) => ({ nextRid }) as Health;

describe('the health feed', () => {
  let rid: number;
  let told: (number | undefined)[];
  const feed = () =>
    createHealthFeed(
      () => reading(rid),
      ({ nextRid }) => told.push(nextRid),
    );

  beforeEach(() => {
    vi.useFakeTimers();
    rid = 0;
    told = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells the first change at once, then at most ten a second, the last one always', () => {
    const health = feed();
    for (rid = 1; rid <= 1000; rid++) {
      health.changed();
      vi.advanceTimersByTime(1);
    }
    vi.runAllTimers();
    expect(told[0]).toBe(1);
    expect(told.length).toBeLessThanOrEqual(12);
    expect(told.at(-1)).toBe(1000);
  });

  it('tells the reading as it is then, not as it was when it changed', () => {
    const health = feed();
    health.changed();
    health.changed();
    rid = 7;
    vi.runAllTimers();
    expect(told).toEqual([0, 7]);
  });

  it('tells what nobody should wait for without a pause', () => {
    const health = feed();
    health.changed();
    rid = 5;
    health.changedNow();
    expect(told).toEqual([0, 5]);
  });

  it('is silent once closed', () => {
    const health = feed();
    health.changed();
    health.changed();
    health.close();
    vi.runAllTimers();
    health.changed();
    expect(told).toEqual([0]);
  });
});
