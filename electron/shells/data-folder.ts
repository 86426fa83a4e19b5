/**
 * The folder that holds everything Holdfast keeps, and the lock that lets one process at a time use it.
 * Both shells take the lock before they start the host.
 */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ProblemError } from '../../shared/problem.ts';

/**
 * The folder used where none is named: XDG_DATA_HOME on Linux (XDG Base Directory Specification),
 * Application Support on macOS, LOCALAPPDATA on Windows.
 */
export function defaultDataFolder(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  home: string = homedir(),
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Holdfast');
  if (platform === 'win32') {
    return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Holdfast');
  }
  const named = environment.XDG_DATA_HOME;
  // The specification has relative paths ignored.
  const base = named?.startsWith('/') ? named : join(home, '.local', 'share');
  return join(base, 'holdfast');
}

/** Held until `release`, or until the process is gone, however it goes. */
export interface DataFolderLock {
  release(): void;
}

/**
 * Makes the folder where it is missing (mode 0700) and locks it. The lock is the operating system's, taken by SQLite, so
 * that it cannot outlive a killed process.
 * @throws ProblemError `app.data-folder-in-use`, `app.data-folder-unusable`
 */
export function lockDataFolder(folder: string): DataFolderLock {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return takeLock(join(folder, 'lock.sqlite'));
  } catch (error) {
    throw new ProblemError(problemOfLock(error, resolve(folder)), { cause: error });
  }
}

function takeLock(file: string): DataFolderLock {
  const database = new DatabaseSync(file);
  try {
    // A journal in memory leaves no second file behind after a kill.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  return { release: () => database.close() };
}

function problemOfLock(error: unknown, folder: string) {
  const busy = /locked|busy/iu.test(error instanceof Error ? error.message : '');
  return busy
    ? ({
        code: 'app.data-folder-in-use',
        source: 'app',
        message: `Holdfast is already running with the data folder ${folder}.`,
        advice: 'Use the one that is open, or choose another folder with --data-dir.',
        retry: 'never',
      } as const)
    : ({
        code: 'app.data-folder-unusable',
        source: 'app',
        message: `Holdfast cannot use the data folder ${folder}.`,
        advice: 'Check that it is a folder you may write to, or choose another with --data-dir.',
        retry: 'never',
        detail: String(error),
      } as const);
}
