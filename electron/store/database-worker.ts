/**
 * The thread that owns the database. `open-store.ts` starts it with the data folder as its `workerData`
 * and sends it lists of calls; a bundle emits this file beside its own as `database-worker.js`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Answer, Call, Opening } from './calls.ts';
import { carryOut } from './carry-out.ts';
import { type OpenedDatabase, openDatabase } from './open-database.ts';
import { createRepositories } from './repositories/repositories.ts';
import { storeProblemOf } from './store-problems.ts';

/** How long nobody has wanted anything before the log is tidied up, in ms. */
const IDLE = 250;

const port = parentPort;
if (!port) throw new Error('The database worker is started by openStore().');

const opened = open(String(workerData));
if (opened) {
  const repositories = createRepositories(opened.database);
  const idle = setTimeout(() => opened.checkpoint(), IDLE);
  port.on('message', (message: readonly Call[] | 'close') => {
    if (message === 'close') {
      clearTimeout(idle);
      opened.close();
      port.close();
      return;
    }
    const answers: Answer[] = carryOut(opened.database, repositories, message);
    port.postMessage(answers);
    idle.refresh();
  });
}

function open(folder: string): OpenedDatabase | undefined {
  try {
    const result = openDatabase(folder);
    port?.postMessage({ notices: result.notices } satisfies Opening);
    return result;
  } catch (thrown) {
    port?.postMessage({ refused: storeProblemOf(thrown) } satisfies Opening);
    return undefined;
  }
}
