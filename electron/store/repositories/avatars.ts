/** Avatar images by the SHA-1 of their bytes (XEP-0084 §4.2, XEP-0153 §3). */
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { AvatarsRepository } from '../store.ts';
import { accountKey } from './rows.ts';

export class SqliteAvatars implements Synchronous<AvatarsRepository> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put(accountId: string, hash: string, type: string, bytes: Uint8Array): void {
    this.#database.run(
      'INSERT OR REPLACE INTO avatars (account, hash, type, bytes) VALUES (?, ?, ?, ?)',
      accountKey(this.#database, accountId),
      hash,
      type,
      bytes,
    );
  }

  get(accountId: string, hash: string): { type: string; bytes: Uint8Array } | undefined {
    return this.#database.first(
      'SELECT type, bytes FROM avatars WHERE account = ? AND hash = ?',
      accountKey(this.#database, accountId),
      hash,
    );
  }
}
