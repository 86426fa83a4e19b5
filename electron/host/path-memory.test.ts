import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredPathLimits } from '../store/store.ts';
import { PathMemory } from './path-memory.ts';

const HERE = 'https://here/bosh';
const MINUTE = 60_000;
const limits = { wait: 8 };

let now: number;
let network: string;
let memory: PathMemory;

beforeEach(() => {
  now = 1_000_000;
  network = 'office';
  const kept = new Map<string, StoredPathLimits>();
  memory = new PathMemory({
    paths: {
      get: async (where, endpoint) => kept.get(`${where} ${endpoint}`),
      put: async (where, endpoint, stored) => void kept.set(`${where} ${endpoint}`, stored),
      remove: async (where, endpoint) => void kept.delete(`${where} ${endpoint}`),
    },
    network: () => network,
    now: () => now,
  });
});

describe('what a network does to an endpoint', () => {
  it('is kept to there, and nowhere else', async () => {
    await memory.learn(HERE, limits);
    expect(await memory.recall(HERE)).toEqual({ limits, at: now, until: now + 30 * MINUTE });
    expect(await memory.recall('https://there/bosh')).toEqual({ limits: {} });
    network = 'home';
    expect(await memory.recall(HERE)).toEqual({ limits: {} });
  });

  it('is known to whoever asks after it was learned, without waiting', async () => {
    void memory.learn(HERE, limits);
    expect((await memory.recall(HERE)).limits).toEqual(limits);
  });

  it('is found out anew after a while, and after twice as long each time it shows again', async () => {
    const lengths: number[] = [];
    for (let time = 1; time <= 7; time += 1) {
      const until = await memory.learn(HERE, limits);
      lengths.push((until - now) / MINUTE);
      now = until;
      expect(await memory.recall(HERE)).toEqual({ limits: {} });
    }
    expect(lengths).toEqual([30, 60, 120, 240, 480, 480, 480]);
  });

  it('is not kept to for longer because it is learned bit by bit', async () => {
    await memory.learn(HERE, limits);
    now += MINUTE;
    const until = await memory.learn(HERE, { ...limits, oneConnection: true });
    expect(until).toBe(now + 30 * MINUTE);
  });

  it('counts for nothing where it did not show for a week', async () => {
    for (let time = 1; time <= 3; time += 1) now = await memory.learn(HERE, limits);
    now += 8 * 24 * 60 * MINUTE;
    expect((await memory.learn(HERE, limits)) - now).toBe(30 * MINUTE);
  });

  it('is as if it had never been once somebody had it forgotten, here', async () => {
    for (let time = 1; time <= 3; time += 1) now = await memory.learn(HERE, limits);
    await memory.learn(HERE, limits);
    network = 'home';
    await memory.learn(HERE, limits);
    void memory.forget(HERE);
    expect(await memory.recall(HERE)).toEqual({ limits: {} });
    network = 'office';
    expect((await memory.recall(HERE)).limits).toEqual(limits);
    await memory.forget(HERE);
    expect((await memory.learn(HERE, limits)) - now).toBe(30 * MINUTE);
  });
});
