/** A clock that a test moves: nobody waits. */
import type { Clock } from '../clock.ts';

export interface ManualClock extends Clock {
  /** Lets this much time pass, and whatever was waited for within it happen. */
  advance(ms: number): void;
}

export function createManualClock(): ManualClock {
  let now = Date.now();
  const waiting = new Set<{ readonly at: number; readonly done: () => void }>();
  return {
    now: () => now,
    after: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wait = {
          at: now + ms,
          done: () => {
            waiting.delete(wait);
            signal.removeEventListener('abort', wait.done);
            resolve();
          },
        };
        waiting.add(wait);
        signal.addEventListener('abort', wait.done);
      }),
    advance(ms) {
      now += ms;
      for (const wait of [...waiting].sort((one, other) => one.at - other.at)) {
        if (wait.at <= now) wait.done();
      }
    },
  };
}
