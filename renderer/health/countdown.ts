/** How far a deadline is, for the rings of the health panel. Derived from the reading and a clock. */
import { formatRemaining } from '../../shared/units.ts';

export interface Countdown {
  /** What is left, from 1 (just begun) to 0 (over). */
  readonly fraction: number;
  /** `49 s`. */
  readonly remaining: string;
  /** `60 s`: the whole of it. */
  readonly total: string;
  readonly over: boolean;
}

/** @param start and `deadline`: epoch ms; a deadline that is not after its start counts as over */
export function countdown(start: number, deadline: number, now: number): Countdown {
  const total = Math.max(0, deadline - start);
  const remaining = Math.min(total, Math.max(0, deadline - now));
  return {
    fraction: total > 0 ? remaining / total : 0,
    remaining: formatRemaining(remaining),
    // Rounded, not up: a deadline kept a few ms late still reads as the whole seconds that were granted.
    total: formatRemaining(Math.round(total / 1000) * 1000),
    over: remaining === 0,
  };
}
