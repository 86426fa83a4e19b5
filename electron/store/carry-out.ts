/**
 * Group commit: carries out gathered calls in order and in one transaction, each behind a savepoint of its
 * own so that a call that fails leaves no trace and takes no other with it. Called by the worker.
 */
import type { Answer, Call, LoggedCall, Repositories } from './calls.ts';
import type { Database } from './database.ts';
import { storeProblemOf } from './store-problems.ts';

/** The number of the last logged call that this database has carried out. */
export function lastCarriedOut(database: Database): number {
  return database.first<{ sequence: number }>('SELECT sequence FROM call_log')?.sequence ?? 0;
}

/**
 * One answer for each call, in order. Where the transaction as a whole fails, every call has failed; those
 * that are in the log are still to be carried out, before any other.
 */
export function carryOut(
  database: Database,
  repositories: Repositories,
  calls: readonly Call[],
): { readonly answers: readonly Answer[]; readonly isCommitted: boolean } {
  try {
    database.run('BEGIN IMMEDIATE');
    const answers = calls.map((call) => carryOutOne(database, repositories, call));
    const sequence = calls.findLast(isLogged)?.[3];
    if (sequence !== undefined) database.run('UPDATE call_log SET sequence = ?', sequence);
    database.run('COMMIT');
    return { answers, isCommitted: true };
  } catch (thrown) {
    if (database.inTransaction) database.run('ROLLBACK');
    const problem = storeProblemOf(thrown);
    return { answers: calls.map(() => ({ problem })), isCommitted: false };
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

/** It is in the log as well. */
export function isLogged(call: Call): call is LoggedCall {
  return call[3] !== undefined;
}

type Method = (...parameters: readonly unknown[]) => unknown;
