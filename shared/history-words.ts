/** The words for what happened to a connection, one vocabulary for the health panel and the connection report. */
import type { ConnectionEvent, EventOf } from './connection-history.ts';
import {
  type Absence,
  type ConnectionSpan,
  gapsOf,
  isOutage,
  type Outage,
} from './connection-spans.ts';
import { rungWords } from './health-words.ts';
import type { PathLimits } from './path-limits.ts';
import { formatBytes, formatCounted, formatDuration } from './units.ts';

/** What a time was like. */
export const spanWords: Readonly<Record<ConnectionSpan['state'], string>> = {
  up: 'Connected',
  recovering: 'Recovering',
  down: 'No connection',
  'signed-out': 'Signed out',
  'not-running': 'Holdfast was not running',
  unknown: 'No record',
};

/** The day in a sentence or two. */
export function daySentence(spans: readonly ConnectionSpan[]): string {
  const during = (...states: ConnectionSpan['state'][]) =>
    spans
      .filter(({ state }) => states.includes(state))
      .reduce((sum, { from, to }) => sum + to - from, 0);
  const [up, tried] = [during('up'), during('up', 'recovering', 'down')];
  if (tried === 0) return 'There was no connection to keep in this time.';
  const outages = gapsOf(spans).filter(isOutage);
  const connected = `Connected for ${formatDuration(up)} of ${formatDuration(tried)}.`;
  if (outages.length === 0) return `${connected} No interruption.`;
  const longest = Math.max(...outages.map(({ from, to }) => to - from));
  return outages.length === 1
    ? `${connected} One interruption of ${formatDuration(longest)}.`
    : `${connected} ${formatCounted(outages.length, 'interruption')}, the longest ${formatDuration(longest)}.`;
}

/** What a time without a connection was, and why. */
export function gapWords(gap: Outage | Absence): string {
  if (!isOutage(gap)) return spanWords[gap.state];
  return `${spanWords[gap.isDown ? 'down' : 'recovering']}: ${gap.problem.message}`;
}

/** What a network does, a sentence for each limit; none where it has not limited anything. */
export function limitSentences(limits: PathLimits): string[] {
  const { wait, oneConnection, answersKeptBack, largestRequest, refusedRequest } = limits;
  return [
    wait !== undefined && `Requests held for more than ${formatDuration(wait * 1000)} are cut.`,
    answersKeptBack && 'Answers to requests that wait do not come through.',
    oneConnection && 'A second request at the same time does not get through.',
    refusedRequest !== undefined &&
      `A request of ${formatBytes(refusedRequest)} was refused for its size.`,
    refusedRequest === undefined &&
      largestRequest !== undefined &&
      `Requests larger than ${formatBytes(largestRequest)} are refused.`,
  ].filter((sentence) => typeof sentence === 'string');
}

/** An event in a line. */
export function eventWords(event: ConnectionEvent): string {
  switch (event.kind) {
    case 'state':
      if (event.problem) return `${spanWords[event.state]}: ${event.problem.message}`;
      return event.state === 'recovering' ? 'Connecting' : spanWords[event.state];
    case 'rung':
      return `${rungWords[event.name]} (${event.reason.replace(/\.$/u, '')}).`;
    case 'problem':
      return event.times === 1
        ? event.problem.message
        : `${event.problem.message} ${formatCounted(event.times, 'time')} within ${formatDuration(event.until - event.at)}.`;
    case 'limits': {
      const sentences = limitSentences(event.limits);
      if (isForgotten(event)) return 'What was learned about this network was forgotten.';
      return `Learned about this network: ${sentences.join(' ') || 'Nothing is in the way.'}`;
    }
  }
}

/** The word by which programs and administrators know it. */
export function eventCode(event: ConnectionEvent): string {
  switch (event.kind) {
    case 'state':
      return event.state;
    case 'rung':
      return event.name;
    case 'problem':
      return event.problem.code;
    case 'limits':
      return isForgotten(event) ? 'forgotten' : 'learned';
  }
}

function isForgotten({ limits }: EventOf<'limits'>): boolean {
  return Object.keys(limits).length === 0;
}
