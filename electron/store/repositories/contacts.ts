/** The people of an account: its roster (RFC 6121 §2) and those who ask to be on it. */
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { ContactsRepository, StoredContact } from '../store.ts';
import { accountKey, withoutNulls } from './rows.ts';

interface ContactRow {
  readonly jid: string;
  readonly name: string | null;
  readonly subscription: StoredContact['subscription'];
  readonly asked: number;
  readonly request: number;
  readonly inRoster: number;
  readonly groups: string;
  readonly avatar: string | null;
}

export class SqliteContacts implements Synchronous<ContactsRepository> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(accountId: string): StoredContact[] {
    return this.#database
      .all<ContactRow>(
        `SELECT jid, name, subscription, asked, request, in_roster AS inRoster, groups, avatar
         FROM contacts WHERE account = ? ORDER BY jid`,
        accountKey(this.#database, accountId),
      )
      .map((row) => ({
        ...withoutNulls(row),
        asked: row.asked === 1,
        request: row.request === 1,
        inRoster: row.inRoster === 1,
        groups: JSON.parse(row.groups) as string[],
      }));
  }

  put(accountId: string, contacts: readonly StoredContact[]): void {
    const account = accountKey(this.#database, accountId);
    for (const contact of contacts) {
      this.#database.run(
        `INSERT OR REPLACE INTO contacts
           (account, jid, name, subscription, asked, request, in_roster, groups, avatar)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        account,
        contact.jid,
        contact.name ?? null,
        contact.subscription,
        Number(contact.asked),
        Number(contact.request),
        Number(contact.inRoster),
        JSON.stringify(contact.groups),
        contact.avatar ?? null,
      );
    }
  }

  remove(accountId: string, jid: string): void {
    this.#database.run(
      'DELETE FROM contacts WHERE account = ? AND jid = ?',
      accountKey(this.#database, accountId),
      jid,
    );
  }
}
