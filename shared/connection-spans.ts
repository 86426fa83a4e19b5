/**
 * What a connection's events come to: an unbroken row of spans over the last day, its outages, and the last
 * recovery. Pure; the health panel and the connection report work them out from the same events.
 */
import type { ConnectionEvent, ConnectionState, EventOf } from './connection-history.ts';
import { HISTORY_MS } from './connection-history.ts';
import type { Problem } from './problem.ts';

/** A time in one state. `not-running`: Holdfast was closed or the computer asleep. `unknown`: nothing was recorded. */
export interface ConnectionSpan {
  readonly state: ConnectionState | 'not-running' | 'unknown';
  readonly from: number;
  readonly to: number;
  readonly problem?: Problem | undefined;
}

/** States follow each other without a hole while Holdfast runs; less than this is none, in ms. */
const HOLE_MS = 250;

/**
 * The last day up to `now` without a hole, the oldest span first.
 * @param events oldest first, of a host that is running: what is newest lasts until now
 * @param length how much of it, in ms
 */
export function spansOf(
  events: readonly ConnectionEvent[],
  now: number,
  length: number = HISTORY_MS,
): ConnectionSpan[] {
  const spans: ConnectionSpan[] = [];
  const begin = now - length;
  const add = (span: ConnectionSpan) => {
    const [from, to] = [Math.max(begin, span.from), Math.min(now, span.to)];
    if (to > from) spans.push({ ...span, from, to });
  };
  const states = events.filter((event) => event.kind === 'state');
  add({ state: 'unknown', from: begin, to: states[0]?.at ?? now });
  for (const [index, { state, at, until, problem }] of states.entries()) {
    const next = states[index + 1];
    const end = next?.at ?? now;
    const isWhole = next === undefined || end - until < HOLE_MS;
    add({ state, from: at, to: isWhole ? end : until, problem });
    if (!isWhole) add({ state: 'not-running', from: until, to: end });
  }
  return spans;
}

/** A time without a connection because of a problem: recovering, down, or one after the other. */
export interface Outage {
  readonly from: number;
  readonly to: number;
  /** It came to a lost session. */
  readonly isDown: boolean;
  /** It lasts. */
  readonly isOpen: boolean;
  /** What was in the way first. */
  readonly problem: Problem;
}

/** A time in which Holdfast was not to be connected. */
export interface Absence extends ConnectionSpan {
  readonly state: 'not-running' | 'signed-out';
}

/**
 * The times without a connection, the oldest first; what follows each other in trouble is one outage. A start that
 * met no problem is none.
 */
export function gapsOf(spans: readonly ConnectionSpan[]): (Outage | Absence)[] {
  const found: (Outage | Absence)[] = [];
  let began: number | undefined;
  let [isDown, problem]: [boolean, Problem | undefined] = [false, undefined];
  const end = (to: number, isOpen: boolean) => {
    if (began !== undefined && problem) found.push({ from: began, to, isDown, isOpen, problem });
    [began, isDown, problem] = [undefined, false, undefined];
  };
  for (const span of spans) {
    const { state, from } = span;
    if (state === 'recovering' || state === 'down') {
      began ??= from;
      isDown ||= state === 'down';
      problem ??= span.problem;
      continue;
    }
    end(from, false);
    if (state === 'not-running' || state === 'signed-out') found.push({ ...span, state });
  }
  end(spans.at(-1)?.to ?? 0, true);
  return found;
}

export function isOutage(gap: Outage | Absence): gap is Outage {
  return 'isOpen' in gap;
}

/** How the connection came back the last time. */
export interface Recovery {
  /** When it was up again. */
  readonly at: number;
  /** How long it was not, in ms. */
  readonly took: number;
  /** The rung that led to it; absent: the same session went on. */
  readonly rung?: EventOf<'rung'> | undefined;
  /** What it had to recover from; absent where Holdfast was only starting. */
  readonly problem?: Problem | undefined;
}

/** @param events oldest first */
export function lastRecovery(events: readonly ConnectionEvent[]): Recovery | undefined {
  const index = events.findLastIndex((event) => event.kind === 'state' && event.state === 'up');
  const up = events[index];
  if (!up) return undefined;
  let began = up.at;
  let rung: EventOf<'rung'> | undefined;
  let problem: Problem | undefined;
  for (const event of events.slice(0, index).reverse()) {
    if (event.kind === 'rung') rung ??= event;
    if (event.kind !== 'state') continue;
    if (event.state === 'up' || event.state === 'signed-out') break;
    began = event.at;
    problem = event.problem ?? problem;
  }
  return { at: up.at, took: up.at - began, rung, problem };
}
