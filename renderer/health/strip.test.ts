import { describe, expect, it } from 'vitest';
import type { ConnectionSpan } from '../../shared/connection-spans.ts';
import { STRIP_CELLS, stripOf } from './strip.ts';

/** One after the other from 0 on; lengths in cells of 100 ms. */
function spans(...given: [ConnectionSpan['state'], cells: number][]): ConnectionSpan[] {
  let at = 0;
  return given.map(([state, cells]) => {
    const from = at;
    at += cells * 100;
    return { state, from, to: at };
  });
}

describe('the strip', () => {
  it('is one piece where nothing happened', () => {
    expect(stripOf(spans(['up', STRIP_CELLS]))).toEqual([
      { state: 'up', from: 0, length: STRIP_CELLS },
    ]);
  });

  it('shows an interruption however short it was', () => {
    const half = STRIP_CELLS / 2;
    expect(stripOf(spans(['up', half + 0.5], ['recovering', 0.01], ['up', half - 0.51]))).toEqual([
      { state: 'up', from: 0, length: half },
      { state: 'recovering', from: half, length: 1 },
      { state: 'up', from: half + 1, length: half - 1 },
    ]);
  });

  it('shows the worst of a cell, and of harmless ones the longest', () => {
    expect(
      stripOf(
        spans(
          ['recovering', 0.5],
          ['down', 0.1],
          ['up', 0.4],
          ['not-running', 0.7],
          ['up', STRIP_CELLS - 1.7],
        ),
      ).map(({ state }) => state),
    ).toEqual(['down', 'not-running', 'up']);
  });
});
