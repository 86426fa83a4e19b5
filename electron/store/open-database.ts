/**
 * Opens the database of a data folder for its one writer: locked, checked, brought to the newest schema.
 * A damaged one is set aside and replaced; a newer one, or one in use, is refused. Called by the worker.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import { Database } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { migrate, refuseNewer, versionOf } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';
import {
  SQLITE_CORRUPT,
  SQLITE_NOTADB,
  sqliteCode,
  storeDamaged,
  storeWithoutFts5,
} from './store-problems.ts';

/** The database's name inside the data folder. */
export const DATABASE_FILE = 'holdfast.db';

/** What is kept beside a database, by SQLite and by the log of calls; the first is the database itself. */
const PARTS = ['', '-wal', '-shm', '-calls'];

export interface OpenedDatabase {
  readonly database: Database;
  readonly notices: readonly Problem[];
  /**
   * Brings what is in the log to the database file and both to the disk. It waits for the disk, so it is
   * for a moment in which nobody waits for the database; a failure loses nothing and is left to the next write.
   */
  checkpoint(): void;
  /** Closes the database and gives the folder back. */
  close(): void;
}

/** The file is not a database that can be used. */
class DamagedDatabase extends Error {}

/**
 * Opens `holdfast.db` in this folder, making both where they are missing.
 * @throws ProblemError `app.store-fts5`, `app.store-in-use`, `app.store-newer`; or what SQLite and the
 * file system throw, where the file is not the cause.
 */
export function openDatabase(folder: string): OpenedDatabase {
  requireFts5(new DatabaseSync(':memory:'));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  try {
    const { database, notices } = openOrReplace(join(folder, DATABASE_FILE));
    return {
      database,
      notices,
      checkpoint() {
        try {
          database.run('PRAGMA wal_checkpoint');
        } catch {
          // Whatever is wrong with the disk, the next write says it to someone who can be told.
        }
      },
      close() {
        database.close();
        lock.release();
      },
    };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

/**
 * Makes sure that this SQLite can search text, before anything comes to depend on it.
 * @throws ProblemError `app.store-fts5`.
 */
export function requireFts5(scratch: Pick<DatabaseSync, 'exec' | 'close'>): void {
  try {
    scratch.exec('CREATE VIRTUAL TABLE probe USING fts5(text)');
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new ProblemError(storeWithoutFts5(why), { cause: thrown });
  } finally {
    scratch.close();
  }
}

function openOrReplace(path: string): { database: Database; notices: Problem[] } {
  try {
    return { database: openSound(path), notices: [] };
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown;
    const setAside = moveAside(path);
    return { database: openSound(path), notices: [storeDamaged(setAside, thrown.message)] };
  }
}

function openSound(path: string): Database {
  // SQLite takes an empty file for a new database and deletes the log beside it.
  if (sizeOf(path) === 0 && sizeOf(`${path}-wal`) > 0) {
    throw new DamagedDatabase('The database file is empty, its log is not.');
  }
  createPrivate(path);
  const connection = new DatabaseSync(path, {
    timeout: 5000,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
  });
  const database = new Database(connection);
  try {
    // There is one process, so the log's index can live in its memory: faster, and safe on network drives.
    database.execute('PRAGMA locking_mode = EXCLUSIVE');
    refuseNewer(database, migrations);
    refuseDamaged(database);
    database.execute('PRAGMA journal_mode = WAL');
    database.execute('PRAGMA synchronous = NORMAL');
    // Only a long rush of writes gets this far; otherwise the worker does it when it is idle.
    database.execute('PRAGMA wal_autocheckpoint = 4000');
    database.execute('PRAGMA journal_size_limit = 16777216');
    database.execute('PRAGMA temp_store = MEMORY');
    // What a person deletes is overwritten where that costs no further write.
    database.execute('PRAGMA secure_delete = FAST');
    migrate(database, migrations);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function refuseDamaged(database: Database): void {
  const check = database.first<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check;
  if (check !== 'ok') throw new DamagedDatabase(check ?? 'The check of the database said nothing.');
  const tables = database.first<{ count: number }>('SELECT count(*) AS count FROM sqlite_schema');
  if (versionOf(database) === 0 && tables?.count !== 0) {
    throw new DamagedDatabase('The database has tables but no version.');
  }
}

function isDamage(thrown: unknown): thrown is Error {
  const code = sqliteCode(thrown);
  return thrown instanceof DamagedDatabase || code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Renames a database with all its parts, over nothing that is there; returns where it is now. */
function moveAside(path: string): string {
  const stamp = new Date().toISOString().replaceAll(':', '-');
  let target = `${path}.damaged-${stamp}`;
  for (let count = 2; existsSync(target); count += 1) {
    target = `${path}.damaged-${stamp}-${count}`;
  }
  for (const part of PARTS) {
    if (existsSync(path + part)) renameSync(path + part, target + part);
  }
  return target;
}

/** Other people on this machine have no business in it, whatever the folder allows. */
function createPrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
