/**
 * The browser shell from start to stop: command line, data folder, host, server, ready line, signals.
 * Standard output carries the ready line and nothing else; the log goes to standard error.
 */
import type { HostPort } from '../../../shared/contract/bridge.ts';
import { problemOf } from '../../../shared/problem.ts';
import { defaultDataFolder, makeDataFolder } from '../data-folder.ts';
import { parseCommandLine, USAGE } from './command-line.ts';
import { openBrowser } from './open-browser.ts';
import { startServer } from './server.ts';

/** What the main file brings. */
export interface BrowserShellParts {
  /** The command line without the program. */
  readonly parameters: readonly string[];
  /** The folder of the built page. */
  readonly pageFolder: string;
  readonly startHost: (dataFolder: string, log: (line: string) => void) => Promise<HostPort>;
}

/** How long stopping may take, in ms, before the process ends regardless. */
const STOP_LIMIT = 5_000;

/**
 * Runs until a signal comes. The exit status is 0 after SIGINT, SIGTERM or SIGHUP, 2 for a wrong
 * command line, 1 where it could not start; the reason is one line on standard error.
 */
export async function runBrowserShell(parts: BrowserShellParts): Promise<void> {
  /** What has been started, to be undone in the reverse order. */
  const undo: (() => void | Promise<void>)[] = [];
  let stopping = false;

  async function stop(status: number): Promise<void> {
    // A second signal means now.
    if (stopping) process.exit(status);
    stopping = true;
    setTimeout(() => process.exit(status), STOP_LIMIT).unref();
    for (const step of undo.reverse()) {
      try {
        await step();
      } catch (error) {
        log(`While stopping: ${error}`);
      }
    }
    process.exit(status);
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop(0));
  }
  // A reader that went away is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

  try {
    await start(parts, undo);
  } catch (error) {
    if (stopping) return;
    const problem = problemOf(error);
    log([problem.message, problem.advice, problem.detail].filter(Boolean).join(' '));
    await stop(problem.code === 'app.usage' ? 2 : 1);
  }
}

async function start(parts: BrowserShellParts, undo: (() => void | Promise<void>)[]) {
  const line = parseCommandLine(parts.parameters);
  if (line.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const dataFolder = line.dataFolder ?? defaultDataFolder(process.env, process.platform);
  makeDataFolder(dataFolder);
  const host = await parts.startHost(dataFolder, log);
  undo.push(() => host.close());
  const server = await startServer({ host, pageFolder: parts.pageFolder, port: line.port, log });
  undo.push(() => server.close());

  // Before the ready line: whoever reads it may send the signal at once.
  if (process.platform !== 'win32') process.on('SIGUSR2', () => printReady(server.newLink()));
  const link = server.newLink();
  printReady(link);
  if (line.open) {
    await openBrowser(link).catch(() => log('No browser could be opened: open the link above.'));
  }
}

function printReady(link: string): void {
  process.stdout.write(`Holdfast is ready at ${link}\n`);
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
