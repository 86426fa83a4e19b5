/** The names and passwords that a person had kept for proxies, one for each, whatever account goes through it. */
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { ProxyKeysRepository } from '../store.ts';

export class SqliteProxyKeys implements Synchronous<ProxyKeysRepository> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(): string[] {
    return this.#database
      .all<{ proxy: string }>('SELECT proxy FROM proxy_keys ORDER BY proxy')
      .map(({ proxy }) => proxy);
  }

  get(proxy: string): string | undefined {
    return this.#database.first<{ sealed: string }>(
      'SELECT sealed FROM proxy_keys WHERE proxy = ?',
      proxy,
    )?.sealed;
  }

  put(proxy: string, sealed: string): void {
    this.#database.run(
      'INSERT OR REPLACE INTO proxy_keys (proxy, sealed) VALUES (?, ?)',
      proxy,
      sealed,
    );
  }

  remove(proxy: string): void {
    this.#database.run('DELETE FROM proxy_keys WHERE proxy = ?', proxy);
  }
}
