/**
 * What can go wrong with the store, in the words a person reads. Thrown in the database worker and by its
 * client, and carried to the host as Problems.
 */
import { type Problem, ProblemError } from '../../shared/problem.ts';

/** SQLite's primary result codes that Holdfast tells apart (https://sqlite.org/rescode.html). */
export const SQLITE_BUSY = 5;
export const SQLITE_CORRUPT = 11;
export const SQLITE_FULL = 13;
export const SQLITE_NOTADB = 26;

/** The primary result code inside an error of `node:sqlite`; undefined for any other error. */
export function sqliteCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return undefined;
  return typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : undefined;
}

/** The database was written by a later version of Holdfast. */
export function storeNewer(found: number, known: number): Problem {
  return {
    code: 'app.store-newer',
    source: 'app',
    message: 'The saved messages were written by a newer version of Holdfast.',
    advice: 'Install the newest version of Holdfast and open it again. Nothing was changed.',
    retry: 'never',
    detail: `The database has version ${found}; this Holdfast knows versions up to ${known}.`,
  };
}

/** Another process holds the folder. */
export function storeInUse(folder: string): Problem {
  return {
    code: 'app.store-in-use',
    source: 'app',
    message: 'Holdfast is already running with this data folder.',
    advice: 'Go on in the Holdfast that is open, or close it first.',
    retry: 'never',
    detail: folder,
  };
}

/** A database that could not be read was set aside under this path, and a new one was made. */
export function storeDamaged(setAside: string, why: string): Problem {
  return {
    code: 'app.store-damaged',
    source: 'app',
    message: `The saved messages could not be read. They were set aside in ${setAside}, and Holdfast started with an empty store.`,
    advice:
      'Sign in again; your server may still have your messages. Keep the file if you want to have it repaired.',
    retry: 'never',
    detail: why,
  };
}

/** This SQLite lacks full-text search. */
export function storeWithoutFts5(why: string): Problem {
  return {
    code: 'app.store-fts5',
    source: 'app',
    message: 'This build of Holdfast lacks the full-text search it needs to keep messages.',
    advice: 'Install Holdfast again from its official package.',
    retry: 'never',
    detail: why,
  };
}

/** A call after `close()`. */
export function storeClosed(): Problem {
  return {
    code: 'app.store-closed',
    source: 'app',
    message: 'Holdfast is closing and keeps nothing more.',
    advice: 'Open Holdfast again.',
    retry: 'never',
  };
}

/** The Problem inside anything thrown in the store. */
export function storeProblemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  if (sqliteCode(thrown) === SQLITE_FULL) {
    return {
      code: 'app.store-full',
      source: 'app',
      message: 'There is no room left on the disk to keep messages.',
      advice: 'Make room on the disk, then try again.',
      retry: 'later',
      detail,
    };
  }
  return {
    code: 'app.store-failed',
    source: 'app',
    message: 'Holdfast could not read or write its saved messages.',
    advice: 'Check that the data folder can be written, then open Holdfast again.',
    retry: 'never',
    detail,
  };
}
