/**
 * Starts a program that must never outlive this process, not even when this process is killed: servers,
 * relays and Holdfast itself in the end-to-end tests. Between the two stands `supervisor.ts`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface SupervisedCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  /** The working directory. */
  readonly folder: string;
  /** Added to this process's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes what the program prints, on both streams. */
  readonly logFile: string;
  /** Folders to remove when this process dies without stopping the program. */
  readonly removeWithParent: readonly string[];
}

/** What the supervisor tells its parent. */
export type SupervisorReport =
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'line'; readonly line: string }
  | { readonly type: 'exited'; readonly detail: string };

export interface SupervisedProcess {
  readonly pid: number;
  /** Resolves with how it ended, for messages. */
  readonly exited: Promise<string>;
  /** SIGKILL now; resolves when it has gone. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL where that is not enough within `graceMs`; resolves when it has gone. */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts the command and waits for the line on its standard output that says it is ready.
 * @returns The process and the match of `readyLine`.
 * @throws Error with the tail of the log where the program ends, or `timeoutMs` passes, before that line.
 */
export async function startSupervised(
  command: SupervisedCommand,
  readyLine: RegExp,
  timeoutMs = 30_000,
): Promise<{ process: SupervisedProcess; match: RegExpExecArray }> {
  const supervisor = fork(
    fileURLToPath(new URL('supervisor.ts', import.meta.url)),
    [JSON.stringify(command)],
    // Detached: a signal to this process's group must not take the supervisor along before it cleaned up.
    { detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  );
  const exited = Promise.withResolvers<string>();
  const ready = Promise.withResolvers<RegExpExecArray>();
  let pid: number | undefined;
  supervisor.on('message', (report: SupervisorReport) => {
    if (report.type === 'started') pid = report.pid;
    if (report.type === 'exited') exited.resolve(report.detail);
    if (report.type === 'line') {
      const match = readyLine.exec(report.line);
      if (match) ready.resolve(match);
    }
  });
  supervisor.on('exit', () => exited.resolve('its supervisor ended'));
  const timeout = setTimeout(
    () => ready.reject(new Error(`not ready in ${timeoutMs} ms`)),
    timeoutMs,
  );
  exited.promise.then((detail) => ready.reject(new Error(`ended before it was ready: ${detail}`)));
  try {
    const match = await ready.promise;
    if (pid === undefined) throw new Error('ready without having started');
    return { process: handle(supervisor, pid, exited.promise), match };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const failure = new Error(`${command.program}: ${reason}\n${tail(command.logFile)}`);
    if (supervisor.connected) supervisor.disconnect();
    throw failure;
  } finally {
    clearTimeout(timeout);
  }
}

function handle(supervisor: ChildProcess, pid: number, exited: Promise<string>): SupervisedProcess {
  return {
    pid,
    exited,
    kill: async () => {
      // Straight to the program: a kill must not wait for the supervisor's turn.
      killGroup(pid);
      await exited;
    },
    stop: async (graceMs = 5_000) => {
      if (supervisor.connected) supervisor.send('SIGTERM');
      const timeout = setTimeout(() => killGroup(pid), graceMs);
      await exited;
      clearTimeout(timeout);
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
}

function tail(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n');
  } catch {
    return '';
  }
}
