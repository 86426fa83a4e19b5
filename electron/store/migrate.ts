/**
 * Brings a database to the newest schema, one numbered migration after the other. The version is kept in
 * SQLite's `user_version`, and moves in the same transaction as the change it stands for.
 */
import { ProblemError } from '../../shared/problem.ts';
import type { Database } from './database.ts';
import { storeNewer } from './store-problems.ts';

/** The statements that lead from the version before to this one. */
export type Migration = string;

/** The version a database has now; 0 is a new one. */
export function versionOf(database: Database): number {
  return database.first<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

/**
 * Refuses a database from the future before anything in it is touched.
 * @throws ProblemError `app.store-newer`.
 */
export function refuseNewer(database: Database, migrations: readonly Migration[]): void {
  const version = versionOf(database);
  if (version > migrations.length) {
    throw new ProblemError(storeNewer(version, migrations.length));
  }
}

/** Runs what is missing; where one migration fails, the database stays as the one before it left it. */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  for (const [index, migration] of migrations.entries()) {
    if (index < versionOf(database)) continue;
    database.execute('BEGIN IMMEDIATE');
    try {
      database.execute(migration);
      database.execute(`PRAGMA user_version = ${index + 1}`);
      database.execute('COMMIT');
    } catch (thrown) {
      if (database.inTransaction) database.execute('ROLLBACK');
      throw thrown;
    }
  }
}
