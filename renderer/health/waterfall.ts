/**
 * The geometry of the waterfall: where on a time axis each exchange begins and ends. Time runs towards
 * the inline end, `now` is the end of the axis. Pure; the page moves the axis with the clock.
 */
import type { ExchangeReading } from '../../shared/health.ts';
import { formatDuration } from '../../shared/units.ts';

/** The time windows a person can choose; `steps` shows every exchange, its length on a logarithmic scale. */
export const axisChoices = ['steps', '10 s', '1 min', '5 min'] as const;
export type AxisChoice = (typeof axisChoices)[number];

const spans: Readonly<Record<Exclude<AxisChoice, 'steps'>, number>> = {
  '10 s': 10_000,
  '1 min': 60_000,
  '5 min': 300_000,
};

/** One exchange on the axis; `start` and `end` are in the axis's own units and may lie before its beginning. */
export interface Bar {
  readonly key: string;
  readonly exchange: ExchangeReading;
  readonly start: number;
  /** Absent while in flight: the bar ends at the clock. */
  readonly end: number | undefined;
}

export interface Axis {
  /** What the clock reads in the units of the axis: the inline end. */
  readonly now: number;
  /** The length of the axis, in its own units. */
  readonly span: number;
  /** True where the axis moves with the clock: its unit is the millisecond since `origin`. */
  readonly moves: boolean;
  /** Epoch ms of the unit 0, kept small so that style sheets can compute with it. */
  readonly origin: number;
  readonly bars: readonly Bar[];
  /** Marks for the eye, from the oldest to now; `at` is a fraction of the axis. */
  readonly marks: readonly { readonly at: number; readonly text: string }[];
}

/** One name for each exchange, stable between readings; a rid is tried again, and may be after a restart. */
export function exchangeKey(exchange: ExchangeReading): string {
  return `${exchange.rid}.${exchange.attempt}.${exchange.startedAt}`;
}

/**
 * Lays the exchanges of a reading out.
 * @param exchanges oldest first
 * @param origin epoch ms near the exchanges, such as when the reading was taken
 */
export function layOut(
  choice: AxisChoice,
  exchanges: readonly ExchangeReading[],
  origin: number,
  now: number,
): Axis {
  return choice === 'steps'
    ? inSteps(exchanges, now)
    : inTime(exchanges, spans[choice], origin, now);
}

/** The most exchanges the steps axis shows: more would be too narrow to tell apart. */
const MOST_STEPS = 10;

function inTime(
  exchanges: readonly ExchangeReading[],
  span: number,
  origin: number,
  now: number,
): Axis {
  const bars = exchanges
    .filter((exchange) => (exchange.endedAt ?? now) >= now - span)
    .map((exchange) => ({
      key: exchangeKey(exchange),
      exchange,
      start: exchange.startedAt - origin,
      end: exchange.endedAt === undefined ? undefined : exchange.endedAt - origin,
    }));
  const marks = [1, 0.5, 0].map((past) => ({
    at: 1 - past,
    text: past === 0 ? 'now' : `${formatDuration(span * past)} ago`,
  }));
  return { now: now - origin, span, moves: true, origin, bars, marks };
}

/**
 * Every start and end is a step; the way from one step to the next is as long as the logarithm of the
 * time between them, so that a 3 ms answer and a 60 s wait can both be seen on one line.
 */
function inSteps(all: readonly ExchangeReading[], now: number): Axis {
  const exchanges = all.slice(-MOST_STEPS);
  const moments = [
    ...new Set(
      exchanges.flatMap((exchange) => [exchange.startedAt, exchange.endedAt ?? now]).concat(now),
    ),
  ].sort((a, b) => a - b);
  const places = new Map<number, number>();
  let place = 0;
  moments.forEach((moment, index) => {
    const before = moments[index - 1];
    if (before !== undefined) place += 1 + 2 * Math.log10(1 + (moment - before));
    places.set(moment, place);
  });
  const span = Math.max(place, 1);
  const bars = exchanges.map((exchange) => ({
    key: exchangeKey(exchange),
    exchange,
    start: (places.get(exchange.startedAt) ?? 0) / span,
    end: exchange.endedAt === undefined ? undefined : (places.get(exchange.endedAt) ?? 0) / span,
  }));
  const first = moments[0] ?? now;
  const marks = [
    { at: 0, text: first === now ? '' : `${formatDuration(now - first)} ago` },
    { at: 1, text: 'now' },
  ].filter((mark) => mark.text !== '');
  return { now: place / span, span: 1, moves: false, origin: 0, bars, marks };
}

/** How many lanes to draw: two connections, whether or not the second has been used yet. */
export function laneCount(exchanges: readonly ExchangeReading[]): number {
  return exchanges.reduce((most, exchange) => Math.max(most, exchange.lane + 1), 2);
}
