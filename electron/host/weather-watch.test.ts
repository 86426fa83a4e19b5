import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchWeather } from './weather-watch.ts';

let network: string;
let slept: number;
let told: string[];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  network = 'office';
  slept = 0;
  told = [];
  stop = watchWeather({
    network: () => network,
    now: () => Date.now() + slept,
    onWake: () => told.push('awake'),
    onOtherNetwork: () => told.push('elsewhere'),
  });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('the weather', () => {
  it('is nothing to speak of while all stays as it is', () => {
    vi.advanceTimersByTime(10 * 60_000);
    expect(told).toEqual([]);
  });

  it('tells of a sleep, once, by the clock that went on meanwhile', () => {
    slept = 3 * 60 * 60_000;
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(['awake']);
  });

  it('is not told of by a machine that is merely busy', () => {
    slept = 8_000;
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });

  it('tells of another network within seconds', () => {
    network = 'train';
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual(['elsewhere']);
  });

  it('tells of one thing where the computer wakes up elsewhere', () => {
    network = 'home';
    slept = 60 * 60_000;
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(['elsewhere']);
  });

  it('is over when nobody wants to know', () => {
    stop();
    network = 'home';
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });
});
