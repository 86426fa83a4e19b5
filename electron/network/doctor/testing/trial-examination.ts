/** An examination for the test of a step: of a loopback address, directly, with all the time in the world. */

import { systemClock } from '../../clock.ts';
import type { HttpExchange } from '../../http-exchange.ts';
import { networkPath } from '../network-path.ts';
import type { Readings } from '../readings.ts';
import type { Examination } from '../step.ts';

/** @param url the BOSH address, taken to work where the readings say nothing else */
export function trialExamination(
  url: string,
  http: HttpExchange,
  change: Partial<Examination> = {},
): Examination {
  return {
    domain: 'chat.example',
    endpoint: url,
    guesses: [],
    hostMetaOrigin: 'https://chat.example',
    target: new URL(url),
    mechanisms: ['SCRAM-SHA-1', 'PLAIN'],
    path: networkPath({ http }),
    clock: systemClock,
    signal: new AbortController().signal,
    readings: sessionAt(url),
    expect: () => {},
    ...change,
  };
}

/** The readings of a session that was opened there. */
export function sessionAt(endpoint: string): Readings {
  return { 'bosh-session': { endpoint, granted: {}, failed: [] } };
}
