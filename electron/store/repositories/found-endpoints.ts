/** The BOSH addresses that were found and worked, the last one for each network and domain. */
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { FoundEndpointsRepository, StoredFoundEndpoint } from '../store.ts';

export class SqliteFoundEndpoints implements Synchronous<FoundEndpointsRepository> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  latest(network: string, domain: string): StoredFoundEndpoint | undefined {
    return this.#database.first<StoredFoundEndpoint>(
      `SELECT url, source, at FROM found_endpoints WHERE domain = ?
       ORDER BY network = ? DESC, at DESC LIMIT 1`,
      domain,
      network,
    );
  }

  put(network: string, domain: string, { url, source, at }: StoredFoundEndpoint): void {
    this.#database.run(
      `INSERT OR REPLACE INTO found_endpoints (network, domain, url, source, at)
       VALUES (?, ?, ?, ?, ?)`,
      network,
      domain,
      url,
      source,
      at,
    );
  }
}
