/** What was learned about each BOSH endpoint by trying, one verdict for each feature. */
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { EndpointsRepository, StoredVerdict } from '../store.ts';
import { accountKey } from './rows.ts';

export class SqliteEndpoints implements Synchronous<EndpointsRepository> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  verdicts(accountId: string, endpoint: string): StoredVerdict[] {
    return this.#database
      .all<Omit<StoredVerdict, 'works'> & { works: number }>(
        `SELECT feature, works, at, reason, fingerprint FROM verdicts
         WHERE account = ? AND endpoint = ? ORDER BY feature`,
        accountKey(this.#database, accountId),
        endpoint,
      )
      .map((row) => ({ ...row, works: row.works === 1 }));
  }

  decide(accountId: string, endpoint: string, verdict: StoredVerdict): void {
    this.#database.run(
      `INSERT OR REPLACE INTO verdicts (account, endpoint, feature, works, at, reason, fingerprint)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      accountKey(this.#database, accountId),
      endpoint,
      verdict.feature,
      Number(verdict.works),
      verdict.at,
      verdict.reason,
      verdict.fingerprint,
    );
  }
}
