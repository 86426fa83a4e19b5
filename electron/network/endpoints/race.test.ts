import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { Race } from './race.ts';

/** A race whose candidates work or fail when the test says so. */
function setUp() {
  const clock = createManualClock();
  const stop = new AbortController();
  const begun: string[] = [];
  const aborted: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const race = new Race<string>({
    staggerMs: 400,
    clock,
    signal: stop.signal,
    attempt: (candidate, signal) => {
      begun.push(candidate);
      return new Promise<void>((resolve, reject) => {
        ends.set(candidate, { resolve, reject });
        signal.addEventListener('abort', () => {
          aborted.push(candidate);
          reject(new Error('aborted'));
        });
      });
    },
  });
  return {
    ...{ race, clock, stop, begun, aborted },
    works: (candidate: string) => ends.get(candidate)?.resolve(),
    fails: (candidate: string) => ends.get(candidate)?.reject(new Error(`${candidate} failed`)),
    /** Lets what was told take effect. */
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

describe('a race', () => {
  it('gives each a head start, and is won by the first that works', async () => {
    const { race, clock, begun, aborted, works, settle } = setUp();
    race.enter(['a', 'b', 'c']);
    race.complete();
    expect(begun).toEqual(['a']);
    clock.advance(399);
    await settle();
    expect(begun).toEqual(['a']);
    clock.advance(1);
    await settle();
    expect(begun).toEqual(['a', 'b']);
    works('b');
    expect(await race.winner).toBe('b');
    expect(aborted).toEqual(['a', 'b']);
    clock.advance(1_000);
    await settle();
    expect(begun).toEqual(['a', 'b']);
  });

  it('goes on at once where one has failed', async () => {
    const { race, begun, fails, works, settle } = setUp();
    race.enter(['a', 'b']);
    fails('a');
    await settle();
    expect(begun).toEqual(['a', 'b']);
    works('b');
    expect(await race.winner).toBe('b');
    expect(race.failures.map(({ candidate }) => candidate)).toContain('a');
  });

  it('takes candidates that come later, and waits for them', async () => {
    const { race, begun, fails, works, settle } = setUp();
    race.enter(['a']);
    fails('a');
    await settle();
    race.enter(['b']);
    expect(begun).toEqual(['a', 'b']);
    works('b');
    expect(await race.winner).toBe('b');
  });

  it('has no winner where nothing works, once there are no more', async () => {
    const { race, fails, settle } = setUp();
    race.enter(['a', 'b']);
    race.complete();
    fails('a');
    await settle();
    fails('b');
    expect(await race.winner).toBeUndefined();
    expect(race.failures).toHaveLength(2);
  });

  it('has none where nothing was entered, or where it is called off', async () => {
    const empty = setUp();
    empty.race.complete();
    expect(await empty.race.winner).toBeUndefined();
    const { race, stop, aborted } = setUp();
    race.enter(['a']);
    stop.abort();
    expect(await race.winner).toBeUndefined();
    expect(aborted).toEqual(['a']);
  });
});
