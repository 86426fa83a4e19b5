/** A rate limiter asks to wait: in seconds, as a date, or without saying how long. */
import type { Fault } from '../fault.ts';

/** Seconds is the finest a `Retry-After` gets (RFC 9110 §10.2.3). */
const ASKS: readonly Readonly<Record<string, string>>[] = [
  { 'retry-after': '0' },
  { 'retry-after': '1' },
  { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' },
  {},
];

export const tooManyRequests: Fault = {
  name: '429',
  weight: 1,
  treat: (random) => ({
    isLost: true,
    stranger: {
      status: 429,
      headers: ASKS[Math.floor(random() * ASKS.length)] ?? {},
      body: 'slow down',
      afterMs: 0,
    },
  }),
};
