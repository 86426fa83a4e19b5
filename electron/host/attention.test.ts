import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Attention } from './attention.ts';

describe('attention', () => {
  let attention: Attention;
  let told: boolean[];
  const watch = () => attention.watch((isThere) => told.push(isThere));

  beforeEach(() => {
    vi.useFakeTimers();
    attention = new Attention(1_000);
    told = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is taken to be there before anybody has looked', () => {
    watch();
    vi.advanceTimersByTime(100_000);
    expect(told).toEqual([true]);
  });

  it('lasts while somebody looks again and again, and for a while after', () => {
    watch();
    for (let times = 0; times < 5; times += 1) {
      attention.look();
      vi.advanceTimersByTime(900);
    }
    expect(told).toEqual([true]);
    vi.advanceTimersByTime(100);
    expect(told).toEqual([true, false]);
    attention.look();
    expect(told).toEqual([true, false, true]);
  });

  it('is told to whoever comes later as it is', () => {
    attention.look();
    vi.advanceTimersByTime(600);
    watch();
    vi.advanceTimersByTime(400);
    watch();
    expect(told).toEqual([true, false, false]);
  });

  it('is over sooner for who says so', () => {
    attention.look();
    attention.watch((isThere) => told.push(isThere), 400);
    vi.advanceTimersByTime(400);
    expect(told).toEqual([true, false]);
  });

  it('is not told to who has stopped watching', () => {
    const stop = watch();
    attention.look();
    stop();
    vi.advanceTimersByTime(5_000);
    attention.look();
    expect(told).toEqual([true]);
  });
});
