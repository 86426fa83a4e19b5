import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionEvent, ConnectionState } from './connection-history.ts';
import { HISTORY_MS } from './connection-history.ts';
import { gapsOf, lastRecovery, spansOf } from './connection-spans.ts';
import type { Problem } from './problem.ts';

const now = 100_000_000;
const begin = now - HISTORY_MS;
const reset: Problem = {
  code: 'network.reset',
  source: 'network',
  message: 'The connection was closed early.',
  advice: '',
  retry: 'now',
};

/** States one after the other; each lasts until the next where nothing else is said. */
function states(
  ...given: [state: ConnectionState, at: number, until?: number | undefined, problem?: Problem][]
): ConnectionEvent[] {
  return given.map(
    ([state, at, until = given.find(([, next]) => next > at)?.[1] ?? at, problem]) => ({
      ...{ id: `${at}`, kind: 'state', at, until, state },
      ...(problem && { problem }),
    }),
  );
}
function rung(at: number, name: 'login' | 're-attach' = 'login'): ConnectionEvent {
  return { id: `r${at}`, kind: 'rung', at, name, reason: 'asked to' };
}

describe('the spans of a day', () => {
  it('follow each other without a hole, the last one until now', () => {
    const events = states(['recovering', now - 9000], ['up', now - 8000], ['down', now - 2000]);
    expect(spansOf(events, now)).toMatchObject([
      { state: 'unknown', from: begin, to: now - 9000 },
      { state: 'recovering', to: now - 8000 },
      { state: 'up', to: now - 2000 },
      { state: 'down', to: now },
    ]);
  });

  it('say when Holdfast was not running', () => {
    const events = states(['up', now - 9000, now - 7000], ['recovering', now - 3000]);
    expect(spansOf(events, now, 9000)).toMatchObject([
      { state: 'up' },
      { state: 'not-running', from: now - 7000, to: now - 3000 },
      { state: 'recovering' },
    ]);
  });

  it('are cut at the beginning of the time asked for', () => {
    const events = states(['up', now - 2 * HISTORY_MS]);
    expect(spansOf(events, now, 5000)).toEqual([
      { state: 'up', from: now - 5000, to: now, problem: undefined },
    ]);
  });

  it('cover all of the time, whatever was recorded', () => {
    const state = fc.constantFrom<ConnectionState>('up', 'recovering', 'down', 'signed-out');
    const lasting = fc.tuple(state, fc.nat(HISTORY_MS), fc.nat(HISTORY_MS));
    fc.assert(
      fc.property(fc.array(lasting), (given) => {
        let at = now - 2 * HISTORY_MS;
        const events = given.flatMap(([state, length, hole]) => {
          const event = { id: `${at}`, kind: 'state' as const, state, at, until: at + length };
          at += length + hole;
          return event.until <= now ? [event] : [];
        });
        const spans = spansOf(events, now);
        expect(spans[0]?.from).toBe(begin);
        expect(spans.at(-1)?.to).toBe(now);
        for (const [index, span] of spans.entries()) {
          expect(span.to).toBeGreaterThan(span.from);
          if (index > 0) expect(span.from).toBe(spans[index - 1]?.to);
        }
      }),
    );
  });
});

describe('the gaps', () => {
  it('are one where recovering and down follow each other, with what it began with', () => {
    const events = states(
      ['up', now - 9000],
      ['recovering', now - 8000, undefined, reset],
      ['down', now - 6000, undefined, { ...reset, code: 'network.refused' }],
      ['up', now - 1000],
    );
    expect(gapsOf(spansOf(events, now))).toEqual([
      { from: now - 8000, to: now - 1000, isDown: true, isOpen: false, problem: reset },
    ]);
  });

  it('have the time without Holdfast and the one signed out among them, and what still lasts', () => {
    const events = states(
      ['up', now - 9000, now - 8000],
      ['signed-out', now - 6000],
      ['recovering', now - 4000, undefined, reset],
    );
    expect(gapsOf(spansOf(events, now))).toMatchObject([
      { state: 'not-running' },
      { state: 'signed-out' },
      { isOpen: true, isDown: false },
    ]);
  });

  it('have no start among them that met no problem', () => {
    const events = states(['recovering', now - 9000], ['up', now - 8000], ['recovering', now - 1]);
    expect(gapsOf(spansOf(events, now))).toEqual([]);
  });
});

describe('the last recovery', () => {
  it('is the same session going on where no rung was taken', () => {
    const events = states(
      ['up', now - 9000],
      ['recovering', now - 8000, undefined, reset],
      ['up', now - 5000],
    );
    expect(lastRecovery([rung(now - 9500), ...events])).toEqual({
      ...{ at: now - 5000, took: 3000, rung: undefined, problem: reset },
    });
  });

  it('names the rung that led to it, the last of several', () => {
    const [up, down, again] = states(
      ['up', now - 9000],
      ['down', now - 8000, undefined, reset],
      ['up', now - 1000],
    ) as [ConnectionEvent, ConnectionEvent, ConnectionEvent];
    const last = rung(now - 2000, 're-attach');
    expect(lastRecovery([up, down, rung(now - 7000), last, again, rung(now)])).toMatchObject({
      ...{ took: 7000, rung: last, problem: reset },
    });
  });

  it('has nothing to tell before the first time up', () => {
    expect(lastRecovery([...states(['recovering', now]), rung(now)])).toBeUndefined();
  });
});
