/** The events of a connection as the page holds them: told one by one, and loaded when somebody looks. Pure. */
import { type ConnectionEvent, HISTORY_MS } from '../../shared/connection-history.ts';
import type { History } from './state.ts';

export const noHistory: History = { events: [], isLoaded: false };

/** Takes events in, each id once and as it was told last, and lets go of what ended a day before the newest. */
export function withEvents(history: History, added: readonly ConnectionEvent[]): History {
  const known = new Map(history.events.map((event) => [event.id, event]));
  for (const event of added) {
    const before = known.get(event.id);
    if (!before || lastOf(event) >= lastOf(before)) known.set(event.id, event);
  }
  const events = [...known.values()].sort((a, b) => a.at - b.at);
  const oldest = (events.at(-1)?.at ?? 0) - HISTORY_MS;
  return { ...history, events: events.filter((event) => lastOf(event) >= oldest) };
}

function lastOf(event: ConnectionEvent): number {
  return 'until' in event ? event.until : event.at;
}
