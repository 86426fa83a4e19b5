/**
 * Group commit: carries out the calls of one tick in order and in one transaction, each behind a savepoint
 * of its own so that a call that fails leaves no trace and takes no other with it. Called by the worker.
 */
import type { Answer, Call, Repositories } from './calls.ts';
import type { Database } from './database.ts';
import { storeProblemOf } from './store-problems.ts';

/** One answer for each call, in order. Where the transaction as a whole fails, every call has failed. */
export function carryOut(
  database: Database,
  repositories: Repositories,
  calls: readonly Call[],
): Answer[] {
  try {
    database.run('BEGIN IMMEDIATE');
    const answers = calls.map((call) => carryOutOne(database, repositories, call));
    database.run('COMMIT');
    return answers;
  } catch (thrown) {
    if (database.inTransaction) database.run('ROLLBACK');
    const problem = storeProblemOf(thrown);
    return calls.map(() => ({ problem }));
  }
}

function carryOutOne(
  database: Database,
  repositories: Repositories,
  [repository, method, parameters]: Call,
): Answer {
  database.run('SAVEPOINT call');
  try {
    // The client's methods are those of the interface (`METHODS`), so the name is one of them.
    const methods = repositories[repository] as unknown as Record<string, Method>;
    const value = methods[method]?.(...parameters);
    database.run('RELEASE call');
    return { value };
  } catch (thrown) {
    // A full disk or a failing one ends the transaction, and the calls before this one with it.
    if (!database.inTransaction) throw thrown;
    database.run('ROLLBACK TO call');
    database.run('RELEASE call');
    return { problem: storeProblemOf(thrown) };
  }
}

type Method = (...parameters: readonly unknown[]) => unknown;
