import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KnownLimits, PathLimits } from '../../shared/path-limits.ts';
import { PathWatch, type PathWatchOptions } from './path-watch.ts';

const HERE = 'https://here/bosh';
const MINUTE = 60_000;

let known: KnownLimits;
let kept: PathLimits[];
let watches: PathWatch[];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  known = { limits: {} };
  kept = [];
  watches = [];
});
afterEach(() => {
  for (const watch of watches) watch.close();
  vi.useRealTimers();
});

function watch(options: Partial<PathWatchOptions> = {}): PathWatch {
  const made = new PathWatch({
    ...{ endpoint: HERE, limits: {}, polling: false, log: () => {}, now: Date.now },
    paths: { recall: async () => known },
    learn: async (limits) => {
      const until = Date.now() + 30 * MINUTE;
      known = { limits, until };
      return until;
    },
    stream: { keepTo: (limits) => kept.push(limits) },
    ...options,
  });
  watches.push(made);
  return made;
}

describe('a session in a network that limits it', () => {
  it('is let go of what it learned once that has been kept to for long enough', async () => {
    await watch().learned({ wait: 8 });
    known = { limits: {} };
    await vi.advanceTimersByTimeAsync(30 * MINUTE - 1);
    expect(kept).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(kept).toEqual([{}]);
  });

  it('is let go of what it began with too', async () => {
    const limits = { wait: 8 };
    known = { limits, until: Date.now() + MINUTE };
    await watch({ limits }).look();
    expect(kept).toEqual([]);
    known = { limits: {} };
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(kept).toEqual([{}]);
  });

  it('goes by the limits of the network it is in now', async () => {
    known = { limits: { largestRequest: 5_000 }, until: Date.now() + MINUTE };
    await watch({ limits: { wait: 8 } }).look();
    expect(kept).toEqual([{ largestRequest: 5_000 }]);
  });

  it('makes room for one with two connections where one has had to do for long enough', async () => {
    const limits = { oneConnection: true };
    known = { limits, until: Date.now() + MINUTE };
    const polling = watch({ limits, polling: true });
    await polling.look();
    let healed = false;
    void polling.healed.then(() => {
      healed = true;
    });
    known = { limits: {} };
    await vi.advanceTimersByTimeAsync(MINUTE - 1);
    expect(healed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(healed).toBe(true);
  });

  it('is left alone once it is over', async () => {
    const over = watch();
    await over.learned({ wait: 8 });
    over.close();
    known = { limits: {} };
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(kept).toEqual([]);
  });
});
