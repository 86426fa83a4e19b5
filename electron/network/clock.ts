/** Time, for what measures and waits: the doctor and the race for an endpoint. A test brings one it moves itself. */
import { networkProblem } from './network-problem.ts';

export interface Clock {
  /** Epoch ms, never going back. */
  now(): number;
  /** Resolves after this many ms, or as soon as the signal aborts. */
  after(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    }),
};

/**
 * Does something that may take no longer than this. `work` gets a signal that aborts when the time is over
 * or when the outer one does.
 * @throws ProblemError `network.timeout` when the time is over; else what `work` throws.
 */
export async function within<T>(
  ms: number,
  clock: Clock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  void clock.after(ms, AbortSignal.any([signal, done.signal])).then(() => {
    if (!done.signal.aborted && !signal.aborted) late.abort();
  });
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } catch (error) {
    if (!late.signal.aborted) throw error;
    throw networkProblem('network.timeout', { detail: `after ${ms} ms`, cause: error });
  } finally {
    done.abort();
  }
}
