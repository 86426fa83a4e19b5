/** What each network does to the sessions with an endpoint, as it was learned last. */
import { pathLimitsSchema } from '../../../shared/path-limits.ts';
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { PathsRepository, StoredPathLimits } from '../store.ts';

export class SqlitePaths implements Synchronous<PathsRepository> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(network: string, endpoint: string): StoredPathLimits | undefined {
    const [row] = this.#database.all<Omit<StoredPathLimits, 'limits'> & { limits: string }>(
      'SELECT limits, at, times FROM path_limits WHERE network = ? AND endpoint = ?',
      network,
      endpoint,
    );
    return row && { ...row, limits: pathLimitsSchema.parse(JSON.parse(row.limits)) };
  }

  put(network: string, endpoint: string, { limits, at, times }: StoredPathLimits): void {
    this.#database.run(
      `INSERT OR REPLACE INTO path_limits (network, endpoint, limits, at, times)
       VALUES (?, ?, ?, ?, ?)`,
      network,
      endpoint,
      JSON.stringify(limits),
      at,
      times,
    );
  }

  remove(network: string, endpoint: string): void {
    this.#database.run(
      'DELETE FROM path_limits WHERE network = ? AND endpoint = ?',
      network,
      endpoint,
    );
  }
}
