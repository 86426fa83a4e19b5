import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeReading } from '../../shared/health.ts';
import { axisChoices, exchangeKey, laneCount, layOut } from './waterfall.ts';

const now = 1_700_000_100_000;

function exchange(rid: number, lane: number, start: number, end?: number): ExchangeReading {
  return {
    rid,
    lane,
    attempt: 1,
    startedAt: now + start,
    ...(end === undefined ? {} : { endedAt: now + end }),
    outcome: end === undefined ? 'in-flight' : 'payload',
    stanzasSent: 0,
    stanzasReceived: 0,
    bytesSent: 0,
    bytesReceived: 0,
  };
}

describe('the waterfall in time', () => {
  it('places an exchange by its times, in ms from the origin', () => {
    const axis = layOut('1 min', [exchange(1, 0, -30_000, -10_000)], now - 500, now);
    expect(axis).toMatchObject({ now: 500, span: 60_000, moves: true });
    expect(axis.bars).toMatchObject([{ start: -29_500, end: -9_500 }]);
  });

  it('leaves the end of an exchange in flight to the clock', () => {
    expect(layOut('10 s', [exchange(1, 0, -90_000)], now, now).bars).toMatchObject([
      { start: -90_000, end: undefined },
    ]);
  });

  it('leaves out what ended before the window began', () => {
    const old = exchange(1, 0, -20_000, -10_001);
    const cut = exchange(2, 1, -20_000, -10_000);
    expect(layOut('10 s', [old, cut], now, now).bars.map((bar) => bar.exchange.rid)).toEqual([2]);
  });

  it('marks the beginning, the middle and now', () => {
    expect(layOut('5 min', [], now, now).marks.map((mark) => mark.text)).toEqual([
      '5 min ago',
      '2 min 30 s ago',
      'now',
    ]);
  });
});

describe('the waterfall in steps', () => {
  it('shows a 3 ms answer beside a 60 s wait, the longer one longer', () => {
    const exchanges = [exchange(1, 0, -70_000, -10_000), exchange(2, 1, -10_000, -9_997)];
    const [long, short] = layOut('steps', exchanges, now, now).bars;
    const width = (bar = long) => (bar?.end ?? 1) - (bar?.start ?? 0);
    expect(width(short)).toBeGreaterThan(0.05);
    expect(width(long)).toBeGreaterThan(2 * width(short));
  });

  it('shows the overlap of a hand-over', () => {
    const exchanges = [exchange(1, 0, -40_000, -9_997), exchange(2, 1, -10_000)];
    const [held, next] = layOut('steps', exchanges, now, now).bars;
    expect(next?.start).toBeLessThan(held?.end ?? 0);
    expect(next?.start).toBeGreaterThan(held?.start ?? 1);
  });

  it('shows the last ten', () => {
    const exchanges = Array.from({ length: 40 }, (_, index) =>
      exchange(index, index % 2, index - 50, index - 49.5),
    );
    const bars = layOut('steps', exchanges, now, now).bars;
    expect(bars.map((bar) => bar.exchange.rid)).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
  });

  it('keeps every bar on the axis and every order of time', () => {
    const times = fc.array(
      fc.tuple(fc.integer({ min: -300_000, max: 0 }), fc.integer({ min: 0, max: 90_000 })),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(times, (pairs) => {
        const exchanges = pairs.map(([start, took], rid) =>
          exchange(rid, rid % 2, start, start + took > 0 ? undefined : start + took),
        );
        const { bars, span } = layOut('steps', exchanges, now, now);
        expect(span).toBe(1);
        for (const bar of bars) {
          expect(bar.start).toBeGreaterThanOrEqual(0);
          expect(bar.end ?? 1).toBeGreaterThanOrEqual(bar.start);
          expect(bar.end ?? 1).toBeLessThanOrEqual(1);
        }
        const byTime = bars.toSorted((a, b) => a.exchange.startedAt - b.exchange.startedAt);
        const byPlace = bars.toSorted((a, b) => a.start - b.start);
        expect(byPlace.map((bar) => bar.start)).toEqual(byTime.map((bar) => bar.start));
      }),
    );
  });
});

describe('any waterfall', () => {
  it.each(axisChoices)('is empty, not broken, without exchanges (%s)', (choice) => {
    const axis = layOut(choice, [], now, now);
    expect(axis.bars).toEqual([]);
    expect(axis.span).toBeGreaterThan(0);
  });

  it('tells the attempts of one rid apart', () => {
    const first = exchange(1, 0, -2, -1);
    expect(exchangeKey(first)).not.toBe(exchangeKey({ ...first, attempt: 2 }));
  });

  it('draws two lanes from the start', () => {
    expect(laneCount([])).toBe(2);
    expect(laneCount([exchange(1, 2, -1)])).toBe(3);
  });
});
