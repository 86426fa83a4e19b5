/**
 * Finds Electron's runtime, and gets it where it is missing: since Electron 42 the npm package comes without it.
 * Used by `npm start` and the desktop tests. Says why where the desktop shell cannot run here.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A program that can be started, or the reason there is none, fit to follow “because ”. */
export type ElectronRuntime = { readonly program: string } | { readonly reason: string };

export interface RuntimeSearch {
  /** The folder of the npm package `electron`. */
  readonly packageFolder: string;
  /** Keeps the last failed download, so that not every start tries again. */
  readonly failureFile: string;
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly isRoot: boolean;
  readonly now: number;
  /** Runs a Node script or a program to its end within `limit` ms; its status (undefined: ended by the limit) and what it wrote to standard error. */
  readonly run: (
    program: string,
    parameters: readonly string[],
    limit: number,
  ) => { status: number | null | undefined; errors: string };
  /** Hears one line before something that takes long. */
  readonly say: (line: string) => void;
}

/** How long the download may take, in ms. */
const DOWNLOAD_LIMIT = 180_000;
/** How long a failed download is not tried again, in ms. */
const FAILURE_KEPT = 3_600_000;

/** Looks, and downloads where that is worth trying. */
export function findElectronRuntime(search: RuntimeSearch): ElectronRuntime {
  const { platform, environment } = search;
  if (platform === 'linux') {
    if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) {
      return { reason: 'there is no display' };
    }
    if (search.isRoot) return { reason: 'its sandbox does not run as root' };
  }
  const program = installedProgram(search) ?? download(search);
  if (typeof program !== 'string') return program;
  const { status, errors } = search.run(program, ['--version'], 20_000);
  if (status !== 0) return { reason: `it does not run on this system (${firstLine(errors)})` };
  return { program };
}

/** The program as Electron's own installer left it. */
function installedProgram({ packageFolder, environment }: RuntimeSearch): string | undefined {
  const read = (file: string) =>
    existsSync(join(packageFolder, file)) ? readFileSync(join(packageFolder, file), 'utf8') : '';
  const path = read('path.txt');
  const folder = environment.ELECTRON_OVERRIDE_DIST_PATH || join(packageFolder, 'dist');
  const program = join(folder, path || 'electron');
  return (path || environment.ELECTRON_OVERRIDE_DIST_PATH) && existsSync(program)
    ? program
    : undefined;
}

function download(search: RuntimeSearch): string | { reason: string } {
  const { failureFile, now, packageFolder } = search;
  const kept = readFailure(failureFile);
  if (kept && now - kept.at < FAILURE_KEPT) {
    return { reason: `${kept.reason}; to try again now: npx install-electron` };
  }
  search.say('Downloading the Electron runtime, once (up to three minutes).');
  const { status, errors } = search.run(
    process.execPath,
    [join(packageFolder, 'install.js')],
    DOWNLOAD_LIMIT,
  );
  const program = status === 0 ? installedProgram(search) : undefined;
  if (program) {
    rmSync(failureFile, { force: true });
    return program;
  }
  const why = status === undefined ? 'it took longer than three minutes' : firstLine(errors);
  const reason = `its runtime could not be downloaded (${why})`;
  mkdirSync(dirname(failureFile), { recursive: true });
  writeFileSync(failureFile, JSON.stringify({ at: now, reason }));
  return { reason };
}

function readFailure(file: string): { at: number; reason: string } | undefined {
  try {
    const { at, reason } = JSON.parse(readFileSync(file, 'utf8'));
    return typeof at === 'number' && typeof reason === 'string' ? { at, reason } : undefined;
  } catch {
    return undefined;
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.trim() || 'it said nothing';
}

/** The search on this machine, for the repository in `root`. */
export function thisMachine(root: string, say: (line: string) => void): RuntimeSearch {
  return {
    packageFolder: join(root, 'node_modules/electron'),
    failureFile: join(root, 'build/out/electron-download-failed.json'),
    platform: process.platform,
    environment: process.env,
    isRoot: process.getuid?.() === 0,
    now: Date.now(),
    say,
    run(program, parameters, limit) {
      const { status, stderr, error } = spawnSync(program, parameters, {
        stdio: ['ignore', 'ignore', 'pipe'],
        encoding: 'utf8',
        timeout: limit,
      });
      const outOfTime = (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT';
      return {
        status: outOfTime ? undefined : status,
        errors: stderr || String(error ?? ''),
      };
    },
  };
}
