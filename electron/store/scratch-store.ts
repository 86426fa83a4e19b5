/** For tests: a real database in a temporary folder, with an account in it, spoken to without a worker. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Repositories } from './calls.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open-database.ts';
import { createRepositories } from './repositories/repositories.ts';
import type { StoredAccount, StoredSession } from './store.ts';

/** The account every scratch store has. */
export const ACCOUNT = 'account-1';

export interface ScratchStore extends Repositories {
  readonly database: Database;
  /** Closes it and removes the folder. */
  remove(): void;
}

/** A new folder under the system's temporary one; who makes it removes it. */
export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'holdfast-store-'));
}

export function openScratchStore(): ScratchStore {
  const folder = scratchFolder();
  const opened = openDatabase(folder);
  const repositories = createRepositories(opened.database);
  repositories.accounts.insert(accountNamed(ACCOUNT));
  return {
    ...repositories,
    database: opened.database,
    remove() {
      opened.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function accountNamed(id: string): StoredAccount {
  return { id, jid: `${id}@here`, enabled: true, password: '1.sealed', resource: 'holdfast' };
}

export function sessionFrom(nextRid: number): StoredSession {
  return {
    endpoint: 'https://here/bosh',
    sid: '1.sealed-sid',
    jid: 'me@here/holdfast',
    granted: '{"wait":60}',
    nextRid,
    unanswered: [],
    lastAnswerAt: 1000,
  };
}
