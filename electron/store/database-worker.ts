/**
 * The thread that owns the database. `open-store.ts` starts it with the data folder as its `workerData`
 * and sends it lists of calls; a bundle emits this file beside its own as `database-worker.js`. Before it
 * takes any, it carries out what the log holds and the database does not.
 */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { CALL_LOG_FILE, emptyCallLog, readCallLog } from './call-log.ts';
import type { Call, Opening, Repositories } from './calls.ts';
import { carryOut, isLogged, lastCarriedOut } from './carry-out.ts';
import type { Database } from './database.ts';
import { type OpenedDatabase, openDatabase } from './open-database.ts';
import { createRepositories } from './repositories/repositories.ts';
import { storeProblemOf } from './store-problems.ts';

/** How long nobody has wanted anything before the log is tidied up, in ms. */
const IDLE = 250;

const port = parentPort;
if (!port) throw new Error('The database worker is started by openStore().');

const opened = open(String(workerData));
if (opened) {
  const { database, repositories } = opened;
  /** Calls in the log whose transaction failed: they come before all that is called after them. */
  let owed: readonly Call[] = [];
  const idle = setTimeout(() => opened.checkpoint(), IDLE);
  port.on('message', (message: readonly Call[] | 'close') => {
    if (message === 'close') {
      clearTimeout(idle);
      opened.close();
      port.close();
      return;
    }
    const { answers, isCommitted } = carryOut(database, repositories, [...owed, ...message]);
    owed = isCommitted ? [] : [...owed, ...message].filter(isLogged);
    port.postMessage(answers.slice(-message.length));
    idle.refresh();
  });
}

function open(folder: string): (OpenedDatabase & { repositories: Repositories }) | undefined {
  try {
    const result = openDatabase(folder);
    const repositories = createRepositories(result.database);
    const sequence = catchUp(result.database, repositories, join(folder, CALL_LOG_FILE));
    port?.postMessage({ notices: result.notices, sequence } satisfies Opening);
    return { ...result, repositories };
  } catch (thrown) {
    port?.postMessage({ refused: storeProblemOf(thrown) } satisfies Opening);
    return undefined;
  }
}

/** Carries out what a process before this one has only written to the log; returns the last number used. */
function catchUp(database: Database, repositories: Repositories, path: string): number {
  const last = lastCarriedOut(database);
  const missing = readCallLog(path).filter(([, , , sequence]) => sequence > last);
  const { isCommitted } = carryOut(database, repositories, missing);
  if (!isCommitted) throw new Error('What was written to the log could not be carried out.');
  emptyCallLog(path);
  return lastCarriedOut(database);
}
