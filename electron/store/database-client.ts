/**
 * The host's end of the database worker: gathers the calls of one tick into one message and hands the
 * answers back in order. Logged calls are safe at once and can wait a little, so that the worker's thread
 * leaves the processor to what is on its way. Used by `open-store.ts` only.
 */
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import { CALL_LOG_FILE, CallLog } from './call-log.ts';
import type { Answer, Call, Opening } from './calls.ts';
import { storeClosed, storeProblemOf } from './store-problems.ts';

interface PendingCall {
  readonly call: Call;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: ProblemError) => void;
}

/** How long a logged call waits for others, in ms; the calls of a whole exchange, in one transaction. */
const LOGGED_WAIT = 10;

export class DatabaseClient {
  readonly #worker: Worker;
  readonly #log: CallLog;
  readonly #exited: Promise<void>;
  /** Calls that are not with the worker yet, in order. */
  #gathered: PendingCall[] = [];
  /** Sends them; `isSoon` where that is at the end of this tick. */
  #sending: { readonly isSoon: boolean; readonly timer?: NodeJS.Timeout } | undefined;
  /** Lists of calls that are with the worker, oldest first. */
  #sent: PendingCall[][] = [];
  /** Why no more calls are taken. */
  #ended: Problem | undefined;

  private constructor(worker: Worker, log: CallLog) {
    this.#worker = worker;
    this.#log = log;
    worker.on('message', (answers: readonly Answer[]) => this.#settle(answers));
    worker.on('error', (error) => {
      this.#ended ??= storeProblemOf(error);
    });
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#abandon();
        this.#log.close();
        resolve();
      });
    });
  }

  /**
   * Starts a worker on this folder.
   * @throws ProblemError as `openStore` says.
   */
  static async open(
    folder: string,
  ): Promise<{ client: DatabaseClient; notices: readonly Problem[] }> {
    const worker = new Worker(workerUrl(), {
      name: 'database',
      workerData: folder,
      // node:sqlite still announces itself as experimental; the host's own options are none of its business.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const opening = await firstMessage(worker);
    if ('refused' in opening) throw new ProblemError(opening.refused);
    const log = new CallLog(join(folder, CALL_LOG_FILE), opening.sequence);
    return { client: new DatabaseClient(worker, log), notices: opening.notices };
  }

  /** Carries out a call with the others of this tick; rejects with a ProblemError. */
  call(call: Call): Promise<unknown> {
    if (this.#ended) return Promise.reject(new ProblemError(this.#ended));
    if (!this.#sending?.isSoon) {
      clearTimeout(this.#sending?.timer);
      this.#sending = { isSoon: true };
      queueMicrotask(() => this.#send());
    }
    return this.#gather(call);
  }

  /**
   * The same for a call that is kept in the log first: when this returns, it outlives the process.
   * @throws ProblemError `app.store-full`, `app.store-failed`, `app.store-closed`: it was not kept.
   */
  callLogged(call: Call): Promise<unknown> {
    if (this.#ended) throw new ProblemError(this.#ended);
    const logged = this.#log.append(call);
    // Behind the turn of who waits for the call to be safe, and for no more.
    if (!this.#sending) queueMicrotask(() => this.#sendLater());
    return this.#gather(logged);
  }

  /** Finishes every call made before, then closes the database. Later calls reject with `app.store-closed`. */
  close(): Promise<void> {
    if (!this.#ended) {
      this.#send();
      this.#ended = storeClosed();
      this.#worker.postMessage('close');
    }
    return this.#exited;
  }

  #sendLater(): void {
    if (this.#gathered.length === 0) return;
    this.#sending ??= { isSoon: false, timer: setTimeout(() => this.#send(), LOGGED_WAIT) };
  }

  #gather(call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#gathered.push({ call, resolve, reject });
    });
  }

  #send(): void {
    clearTimeout(this.#sending?.timer);
    this.#sending = undefined;
    const calls = this.#gathered;
    if (calls.length === 0) return;
    this.#gathered = [];
    try {
      this.#worker.postMessage(calls.map(({ call }) => call));
      this.#sent.push(calls);
    } catch (thrown) {
      for (const { reject } of calls) reject(new ProblemError(storeProblemOf(thrown)));
    }
  }

  #settle(answers: readonly Answer[]): void {
    const calls = this.#sent.shift() ?? [];
    for (const [index, { resolve, reject }] of calls.entries()) {
      const answer = answers[index];
      if (answer && 'value' in answer) resolve(answer.value);
      else
        reject(new ProblemError(answer?.problem ?? storeProblemOf('The call was not answered.')));
    }
    const isBehind = this.#sent.length > 0 || this.#gathered.length > 0;
    if (!isBehind && answers.every((answer) => 'value' in answer)) this.#log.caughtUp();
  }

  #abandon(): void {
    this.#ended ??= storeProblemOf('The database worker has stopped.');
    for (const { reject } of [...this.#sent.flat(), ...this.#gathered]) {
      reject(new ProblemError(this.#ended));
    }
    this.#sent = [];
    this.#gathered = [];
  }
}

/**
 * The worker's file stands beside this one and has its extension: `.ts` from source, `.js` in a bundle.
 * The name is put together here so that no bundler takes it for one of its own patterns.
 */
function workerUrl(): URL {
  const name = `database-worker${extname(import.meta.url)}`;
  return new URL(name, import.meta.url);
}

function firstMessage(worker: Worker): Promise<Opening> {
  return new Promise((resolve, reject) => {
    const refuse = (why: unknown) => reject(new ProblemError(storeProblemOf(why)));
    const exited = () => refuse('The database worker did not start.');
    worker.once('error', refuse);
    worker.once('exit', exited);
    worker.once('message', (opening: Opening) => {
      worker.off('error', refuse);
      worker.off('exit', exited);
      resolve(opening);
    });
  });
}
