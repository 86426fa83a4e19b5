/** The accounts a person has added, with what signing in and catching up need to remember. */
import type { CertificateException } from '../../../shared/certificate.ts';
import type { ProxySetting } from '../../../shared/proxy.ts';
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { AccountsRepository, StoredAccount } from '../store.ts';
import { withoutNulls } from './rows.ts';

interface AccountRow {
  readonly id: string;
  readonly jid: string;
  readonly endpoint: string | null;
  readonly enabled: number;
  readonly password: string;
  readonly resource: string;
  readonly name: string | null;
  readonly avatar: string | null;
  readonly archiveCursor: string | null;
  readonly catchUpUnfinished: number | null;
  readonly rosterVersion: string | null;
  readonly token: string | null;
  readonly proxy: string | null;
  readonly exceptions: string | null;
  readonly clientState: StoredAccount['clientState'] | null;
  readonly lowData: number | null;
}

const COLUMNS: Record<Exclude<keyof StoredAccount, 'id'>, string> = {
  jid: 'jid',
  endpoint: 'endpoint',
  enabled: 'enabled',
  password: 'password',
  resource: 'resource',
  name: 'name',
  avatar: 'avatar',
  archiveCursor: 'archive_cursor',
  catchUpUnfinished: 'catch_up_unfinished',
  rosterVersion: 'roster_version',
  token: 'token',
  proxy: 'proxy',
  exceptions: 'exceptions',
  clientState: 'client_state',
  lowData: 'low_data',
};

export class SqliteAccounts implements Synchronous<AccountsRepository> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(): StoredAccount[] {
    return this.#database
      .all<AccountRow>(
        `SELECT id, jid, endpoint, enabled, password, resource, name, avatar,
           archive_cursor AS archiveCursor,
           catch_up_unfinished AS catchUpUnfinished, roster_version AS rosterVersion, token, proxy,
           exceptions, client_state AS clientState, low_data AS lowData
         FROM accounts ORDER BY key`,
      )
      .map(({ enabled, catchUpUnfinished, proxy, exceptions, lowData, ...row }) => ({
        ...withoutNulls(row),
        enabled: enabled === 1,
        ...(catchUpUnfinished === null ? {} : { catchUpUnfinished: catchUpUnfinished === 1 }),
        ...(lowData === null ? {} : { lowData: lowData === 1 }),
        ...(proxy === null ? {} : { proxy: JSON.parse(proxy) as ProxySetting }),
        ...(exceptions === null
          ? {}
          : { exceptions: JSON.parse(exceptions) as CertificateException[] }),
      }));
  }

  insert(account: StoredAccount): void {
    this.#database.run(
      `INSERT INTO accounts (id, jid, endpoint, enabled, password, resource, name, avatar,
         archive_cursor, catch_up_unfinished, roster_version, token, proxy, exceptions,
         client_state, low_data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      account.id,
      account.jid,
      account.endpoint ?? null,
      Number(account.enabled),
      account.password,
      account.resource,
      account.name ?? null,
      account.avatar ?? null,
      account.archiveCursor ?? null,
      account.catchUpUnfinished === undefined ? null : Number(account.catchUpUnfinished),
      account.rosterVersion ?? null,
      account.token ?? null,
      stored(account.proxy ?? null),
      stored(account.exceptions ?? null),
      account.clientState ?? null,
      stored(account.lowData ?? null),
    );
  }

  update(id: string, change: Parameters<AccountsRepository['update']>[1]): void {
    const fields = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
    for (const field of fields) {
      const value = change[field];
      if (value === undefined) continue;
      this.#database.run(
        `UPDATE accounts SET ${COLUMNS[field]} = ? WHERE id = ?`,
        stored(value),
        id,
      );
    }
  }

  remove(id: string): void {
    this.#database.run('DELETE FROM accounts WHERE id = ?', id);
  }
}

/** A field as its column holds it. */
function stored(value: StoredAccount[keyof StoredAccount] | null): string | number | null {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? null);
}
