/** The strip of the last hours as few pieces: cells of equal length, each the worst of its time. Pure. */
import type { ConnectionSpan } from '../../shared/connection-spans.ts';

/** Cells of one state next to each other. */
export interface StripPiece {
  readonly state: ConnectionSpan['state'];
  /** In cells. */
  readonly from: number;
  readonly length: number;
}

/** As many as a narrow window can show. */
export const STRIP_CELLS = 240;

/** @param spans without a hole, oldest first */
export function stripOf(spans: readonly ConnectionSpan[]): StripPiece[] {
  const [begin, end] = [spans[0]?.from ?? 0, spans.at(-1)?.to ?? 0];
  const cell = (end - begin) / STRIP_CELLS;
  const lasted: Map<ConnectionSpan['state'], number>[] = [];
  for (const { state, from, to } of spans) {
    const last = Math.min(STRIP_CELLS - 1, Math.ceil((to - begin) / cell) - 1);
    for (let index = Math.floor((from - begin) / cell); index <= last; index += 1) {
      const start = begin + index * cell;
      const ms = Math.min(to, start + cell) - Math.max(from, start);
      const states = lasted[index] ?? new Map();
      lasted[index] = states.set(state, (states.get(state) ?? 0) + ms);
    }
  }
  const pieces: StripPiece[] = [];
  for (const [index, states] of lasted.entries()) {
    const state = stateOfCell(states);
    const before = pieces.at(-1);
    if (before?.state === state)
      pieces[pieces.length - 1] = { ...before, length: before.length + 1 };
    else pieces.push({ state, from: index, length: 1 });
  }
  return pieces;
}

/** An interruption is seen however short it was; of the rest, what lasted longest. */
function stateOfCell(
  states: ReadonlyMap<ConnectionSpan['state'], number>,
): ConnectionSpan['state'] {
  if (states.has('down')) return 'down';
  if (states.has('recovering')) return 'recovering';
  const [longest] = [...states].sort(([, a], [, b]) => b - a);
  return longest?.[0] ?? 'unknown';
}
