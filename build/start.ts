/**
 * `npm start`: builds what is not up to date and opens the desktop shell, or the browser shell where
 * Electron's runtime cannot be had. `--browser` and `--desktop` choose; the rest goes to the shell.
 * Standard output is the shell's alone.
 */
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseCommandLine } from '../electron/shells/browser/command-line.ts';
import { problemOf } from '../shared/problem.ts';
import { type BundleName, root, staleBundles } from './bundle.ts';
import { findElectronRuntime, thisMachine } from './electron-runtime.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

const asked = process.argv.slice(2);
const forShell = asked.filter((parameter) => !['--browser', '--desktop'].includes(parameter));

try {
  if (asked.includes('--browser')) await openBrowserShell();
  else await openDesktopShell();
} catch (error) {
  const { message, advice, detail } = problemOf(error);
  say([message, advice, detail].filter(Boolean).join(' '));
  process.exitCode = 1;
}

async function openDesktopShell(): Promise<void> {
  const { dataFolder } = parseCommandLine(forShell);
  const runtime = findElectronRuntime(thisMachine(root, say));
  if ('reason' in runtime) {
    const words = `Electron cannot be used here, because ${runtime.reason}`;
    if (asked.includes('--desktop')) {
      say(`${words}.`);
      process.exitCode = 1;
      return;
    }
    say(`${words}. Opening Holdfast in the browser instead.`);
    return openBrowserShell();
  }
  if (!bringUpToDate(['page', 'desktop'])) return;
  const child = spawn(
    runtime.program,
    [root, ...(dataFolder === undefined ? [] : [`--data-dir=${dataFolder}`])],
    { stdio: 'inherit' },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    say(`Electron did not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
  });
}

/** Runs in this process, so that whoever stops this one stops the shell. */
async function openBrowserShell(): Promise<void> {
  if (!bringUpToDate(['page', 'browser'])) return;
  const main = join(root, 'build/out/browser/main.js');
  process.argv.splice(1, Number.POSITIVE_INFINITY, main, ...forShell);
  await import(pathToFileURL(main).href);
}

/** In a process of its own, whose memory is given back before the shell starts. */
function bringUpToDate(names: readonly BundleName[]): boolean {
  const stale = staleBundles(names);
  if (stale.length === 0) return true;
  const { status } = spawnSync(process.execPath, [join(root, 'build/bundle.ts'), ...stale], {
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (status !== 0) process.exitCode = 1;
  return status === 0;
}
