import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimerWheel, type WheelEntry } from './timer-wheel.ts';

class Entry implements WheelEntry {
  dueAt = 0;
  tick = 0;
  next: WheelEntry | undefined = undefined;
  previous: WheelEntry | undefined = undefined;
  readonly firedAt: number[] = [];
}

const now = () => performance.now();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function wheel(): TimerWheel<Entry> {
  return new TimerWheel<Entry>(now, (entry) => entry.firedAt.push(now()));
}

describe('a timer wheel', () => {
  it('calls each entry once, not early and at most two ticks late', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400_000), { minLength: 1, maxLength: 60 }), (delays) => {
        const turning = wheel();
        const start = now();
        const entries = delays.map((delay) => {
          const entry = new Entry();
          turning.set(entry, start + delay);
          return { entry, at: start + delay };
        });
        vi.advanceTimersByTime(401_000);
        for (const { entry, at } of entries) {
          expect(entry.firedAt).toHaveLength(1);
          expect(entry.firedAt[0]).toBeGreaterThanOrEqual(at);
          expect(entry.firedAt[0]).toBeLessThanOrEqual(at + 201);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('calls an entry that is put off at its new time, and one that is brought forward too', () => {
    const turning = wheel();
    const [later, sooner] = [new Entry(), new Entry()];
    turning.set(later, now() + 1_000);
    turning.set(sooner, now() + 60_000);
    vi.advanceTimersByTime(500);
    turning.set(later, now() + 5_000);
    turning.set(sooner, now() + 1_000);
    vi.advanceTimersByTime(1_200);
    expect([later.firedAt.length, sooner.firedAt.length]).toEqual([0, 1]);
    vi.advanceTimersByTime(4_000);
    expect([later.firedAt.length, sooner.firedAt.length]).toEqual([1, 1]);
  });

  it('calls no entry that was taken out', () => {
    const turning = wheel();
    const entries = Array.from({ length: 5 }, () => new Entry());
    for (const entry of entries) turning.set(entry, now() + 1_000);
    for (const index of [0, 2, 4]) turning.remove(entries[index] as Entry);
    vi.advanceTimersByTime(2_000);
    expect(entries.map(({ firedAt }) => firedAt.length)).toEqual([0, 1, 0, 1, 0]);
  });

  it('lets an entry set itself anew, or take out another, when it is called', () => {
    const [first, second] = [new Entry(), new Entry()];
    const turning: TimerWheel<Entry> = new TimerWheel<Entry>(now, (entry) => {
      entry.firedAt.push(now());
      if (entry.firedAt.length < 3) turning.set(entry, now() + 1_000);
      turning.remove(entry === first ? second : first);
    });
    turning.set(first, now() + 1_000);
    turning.set(second, now() + 1_000);
    vi.advanceTimersByTime(10_000);
    expect(first.firedAt.length + second.firedAt.length).toBeGreaterThanOrEqual(3);
  });

  it('sleeps while it has nothing to wait for', () => {
    const turning = wheel();
    expect(vi.getTimerCount()).toBe(0);
    turning.set(new Entry(), now() + 1_000);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(2_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('calls nothing once it is stopped', () => {
    const turning = wheel();
    const entry = new Entry();
    turning.set(entry, now() + 1_000);
    turning.stop();
    turning.set(entry, now() + 500);
    vi.advanceTimersByTime(5_000);
    expect(entry.firedAt).toEqual([]);
  });

  it('catches up where time has jumped, as after a machine slept', () => {
    const turning = wheel();
    const entries = [1_000, 50_000, 200_000].map((delay) => {
      const entry = new Entry();
      turning.set(entry, now() + delay);
      return entry;
    });
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now() + 1_000_000);
    vi.advanceTimersByTime(2_000);
    expect(entries.every(({ firedAt }) => firedAt.length === 1)).toBe(true);
    clock.mockRestore();
  });
});
