/**
 * The write-ahead log in front of the database worker: a call written here is safe from the end of the
 * process at once, without waiting for another thread, and the database follows. Its numbers go up by one
 * and never begin again; the database knows the last it has carried out, so that none is carried out twice.
 */
import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { ProblemError } from '../../shared/problem.ts';
import type { Call, LoggedCall } from './calls.ts';
import { storeProblemOf } from './store-problems.ts';

/** The log's name inside the data folder; it goes where the database goes. */
export const CALL_LOG_FILE = 'holdfast.db-calls';

/** Larger than this, in bytes, the log is emptied when the database has caught up. */
const WORTH_EMPTYING = 256 * 1024;

export class CallLog {
  readonly #file: number;
  #sequence: number;
  #size = 0;

  /** An empty log at this path, its next number one more than this. */
  constructor(path: string, sequence: number) {
    this.#file = openSync(path, 'a', 0o600);
    this.#sequence = sequence;
  }

  /**
   * Keeps a call; it is safe from the end of this process when this returns.
   * @throws ProblemError `app.store-full`, `app.store-failed`; then the call is not in the log.
   */
  append(call: Call): LoggedCall {
    const logged: LoggedCall = [call[0], call[1], call[2], this.#sequence + 1];
    const bytes = Buffer.from(`${JSON.stringify(logged)}\n`);
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#file, bytes, written);
      }
    } catch (thrown) {
      ftruncateSync(this.#file, this.#size);
      throw new ProblemError(storeProblemOf(thrown), { cause: thrown });
    }
    this.#size += bytes.length;
    this.#sequence += 1;
    return logged;
  }

  /** The database has carried out every call of the log. */
  caughtUp(): void {
    if (this.#size <= WORTH_EMPTYING) return;
    ftruncateSync(this.#file, 0);
    this.#size = 0;
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** The calls of a log in order, without a last one that was cut off while it was written. */
export function readCallLog(path: string): LoggedCall[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  // What stands behind the last line feed was never acknowledged.
  return lines.slice(0, -1).flatMap(readLine);
}

/** Forgets the calls of a log that the database has carried out. */
export function emptyCallLog(path: string): void {
  if (existsSync(path)) truncateSync(path);
}

/** A disk that lost power may have kept a line in part, or as zeros. */
function readLine(line: string): LoggedCall[] {
  try {
    const [repository, method, parameters, sequence] = JSON.parse(line) as LoggedCall;
    // JSON has no undefined.
    const given = parameters.map((parameter) => parameter ?? undefined);
    return [[repository, method, given, sequence]];
  } catch {
    return [];
  }
}
