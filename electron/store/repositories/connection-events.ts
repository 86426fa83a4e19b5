/** What happened to each account's connection in the last day; bounded by time and by number. */
import {
  type ConnectionEvent,
  connectionEventSchema,
  HISTORY_MS,
} from '../../../shared/connection-history.ts';
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { ConnectionEventsRepository } from '../store.ts';
import { accountKey } from './rows.ts';

/** Of each kind this many are kept: states for a day of one fault a minute, of the others what can be read. */
const MOST: Readonly<Record<ConnectionEvent['kind'], number>> = {
  ...{ state: 3000, rung: 500, problem: 500, limits: 100 },
};

export class SqliteConnectionEvents implements Synchronous<ConnectionEventsRepository> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(accountId: string): ConnectionEvent[] {
    return this.#database
      .all<{ event: string }>(
        'SELECT event FROM connection_events WHERE account = ? ORDER BY key',
        accountKey(this.#database, accountId),
      )
      .flatMap(({ event }) => {
        // What another version wrote otherwise is not worth a history that cannot be read at all.
        const read = connectionEventSchema.safeParse(JSON.parse(event));
        return read.success ? [read.data] : [];
      });
  }

  put(accountId: string, event: ConnectionEvent): void {
    const account = accountKey(this.#database, accountId);
    const lastAt = 'until' in event ? event.until : event.at;
    this.#database.run(
      `INSERT INTO connection_events (account, id, kind, last_at, event) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (account, id) DO UPDATE SET last_at = excluded.last_at, event = excluded.event`,
      ...[account, event.id, event.kind, lastAt, JSON.stringify(event)],
    );
    this.#database.run(
      'DELETE FROM connection_events WHERE account = ? AND last_at < ?',
      account,
      lastAt - HISTORY_MS,
    );
    this.#database.run(
      `DELETE FROM connection_events WHERE account = ? AND kind = ? AND key <= (
         SELECT key FROM connection_events WHERE account = ? AND kind = ?
         ORDER BY key DESC LIMIT 1 OFFSET ?)`,
      ...[account, event.kind, account, event.kind, MOST[event.kind]],
    );
  }
}
