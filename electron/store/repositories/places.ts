/**
 * The places of messages in a chat. Placed ones count up from 1 as they come; history loaded later counts
 * down from 0, so that it lies before the read position of a new chat; what was not handed over yet lies
 * after all others in the order of writing.
 */
import type { Database } from '../database.ts';

/** Positions from here on are those of messages not yet handed over; still exact as a JavaScript number. */
export const NOT_HANDED_OVER = 2 ** 52;

/** The position of a message that is not handed over; `key` is its place in the order of writing. */
export function waitingPlace(key: number): number {
  return NOT_HANDED_OVER + key;
}

/** The newest placed position of a chat; 0 where there is none but history. */
export function newestPlace(database: Database, chat: number): number {
  const row = database.first<{ newest: number | null }>(
    'SELECT max(position) AS newest FROM messages WHERE chat = ? AND position < ?',
    chat,
    NOT_HANDED_OVER,
  );
  return Math.max(row?.newest ?? 0, 0);
}

/** The place after all others. */
export function placeAtEnd(database: Database, chat: number): number {
  return newestPlace(database, chat) + 1;
}

/** The first of `count` places in a row before all others. */
export function placesAtStart(database: Database, chat: number, count: number): number {
  const row = database.first<{ oldest: number | null }>(
    'SELECT min(position) AS oldest FROM messages WHERE chat = ? AND position < ?',
    chat,
    NOT_HANDED_OVER,
  );
  return Math.min(row?.oldest ?? 1, 1) - count;
}
