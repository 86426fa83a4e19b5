/**
 * The folder that holds everything Holdfast keeps. Both shells make it before they start the host,
 * whose store locks it.
 */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
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

/**
 * Makes the folder where it is missing, for its owner alone (mode 0700).
 * @throws ProblemError `app.data-folder-unusable`
 */
export function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ProblemError(
      {
        code: 'app.data-folder-unusable',
        source: 'app',
        message: `Holdfast cannot use the data folder ${resolve(folder)}.`,
        advice: 'Check that it is a folder you may write to, or choose another with --data-dir.',
        retry: 'never',
        detail: String(error),
      },
      { cause: error },
    );
  }
}
