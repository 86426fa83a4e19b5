/** The certificate authorities that a person added. */
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { AuthoritiesRepository, StoredAuthority } from '../store.ts';

export class SqliteAuthorities implements Synchronous<AuthoritiesRepository> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(): StoredAuthority[] {
    return this.#database.all<StoredAuthority>(
      'SELECT fingerprint, pem, added_at AS addedAt FROM authorities ORDER BY added_at, fingerprint',
    );
  }

  put({ fingerprint, pem, addedAt }: StoredAuthority): void {
    this.#database.run(
      'INSERT OR IGNORE INTO authorities (fingerprint, pem, added_at) VALUES (?, ?, ?)',
      fingerprint,
      pem,
      addedAt,
    );
  }

  remove(fingerprint: string): void {
    this.#database.run('DELETE FROM authorities WHERE fingerprint = ?', fingerprint);
  }
}
