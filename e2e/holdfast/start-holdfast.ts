/**
 * Starts the browser shell as it ships, on a data folder that a later start can go on with. Used by the
 * specs, the continuity runs and the screenshots.
 */
import { join } from 'node:path';
import { type BundleName, buildBundles, root, staleBundles } from '../../build/bundle.ts';
import { type SupervisedProcess, startSupervised } from '../processes/supervised-process.ts';
import type { Command } from './no-network.ts';

export interface RunningHoldfast {
  /** The link that opens the page, once. */
  readonly link: string;
  readonly origin: string;
  readonly token: string;
  readonly process: SupervisedProcess;
}

/** Builds what is missing or out of date; called once before the first start. */
export async function ensureBuilt(names: readonly BundleName[]): Promise<void> {
  await buildBundles(staleBundles(names), () => {});
}

/** The built browser shell. */
const builtShell: Command = {
  program: process.execPath,
  arguments: [join(root, 'build/out/browser/main.js')],
};

/**
 * @param options.dataFolder goes away with this process only where `temporary` says so.
 * @param options.command starts the browser shell with the parameters that follow; the built one where absent.
 */
export async function startHoldfast(options: {
  readonly dataFolder: string;
  readonly temporary: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: Command;
}): Promise<RunningHoldfast> {
  const { dataFolder, temporary, environment = {}, command = builtShell } = options;
  const { process: running, match } = await startSupervised(
    {
      program: command.program,
      arguments: [...command.arguments, ...['--no-open', '--port', '0', '--data-dir', dataFolder]],
      folder: root,
      environment,
      logFile: join(dataFolder, 'shell.log'),
      removeWithParent: temporary ? [dataFolder] : [],
    },
    /^Holdfast is ready at ((http:\/\/127\.0\.0\.1:\d+)\/#token=(\S+))$/u,
  );
  const [, link = '', origin = '', token = ''] = match;
  return { link, origin, token, process: running };
}
