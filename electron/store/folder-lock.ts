/**
 * One process at a time in a data folder. The lock is SQLite's own lock on an empty database file: the
 * system drops it with the process, so that a process that was killed leaves none behind.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ProblemError } from '../../shared/problem.ts';
import { SQLITE_BUSY, sqliteCode, storeInUse } from './store-problems.ts';

/** How long a process that is just ending may keep us waiting, in ms. */
const PATIENCE = 500;

/** A held lock. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the lock of a folder that exists.
 * @throws ProblemError `app.store-in-use` where another process, or another store here, holds it.
 */
export function lockFolder(folder: string): FolderLock {
  const connection = new DatabaseSync(join(folder, 'holdfast.lock'), { timeout: PATIENCE });
  try {
    connection.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    connection.close();
    if (sqliteCode(thrown) !== SQLITE_BUSY) throw thrown;
    throw new ProblemError(storeInUse(folder), { cause: thrown });
  }
  return { release: () => connection.close() };
}
