import { describe, expect, it } from 'vitest';
import type { ConnectionEvent } from '../../shared/connection-history.ts';
import { HISTORY_MS } from '../../shared/connection-history.ts';
import { noHistory, withEvents } from './history.ts';

function state(id: string, at: number, until = at): ConnectionEvent {
  return { id, at, until, kind: 'state', state: 'up' };
}

describe('the events of a connection', () => {
  it('are in order, each once, whether they were told or loaded first', () => {
    const told = withEvents(noHistory, [state('b', 2), state('b', 2, 5)]);
    const { events } = withEvents(told, [state('a', 1, 2), state('b', 2, 4)]);
    expect(events).toEqual([state('a', 1, 2), state('b', 2, 5)]);
  });

  it('are let go of a day after they ended', () => {
    const { events } = withEvents(noHistory, [state('a', 1), state('b', 2, 9)]);
    expect(withEvents({ ...noHistory, events }, [state('c', HISTORY_MS + 5)]).events).toEqual([
      state('b', 2, 9),
      state('c', HISTORY_MS + 5),
    ]);
  });
});
