/** The command line of the browser shell. Used by its main file; pure. */
import { parseArgs } from 'node:util';
import { ProblemError } from '../../../shared/problem.ts';

export interface CommandLine {
  /** 0: one the system chooses. */
  readonly port: number;
  /** Absent: the platform's usual place. */
  readonly dataFolder?: string;
  /** Whether to open the default browser. */
  readonly open: boolean;
  readonly help: boolean;
}

/** What `--help` prints. */
export const USAGE = `Holdfast in the browser: serves the chat client on this computer only.

  --port N         listen on port N of 127.0.0.1 (default: one the system chooses)
  --data-dir DIR   keep accounts and messages in DIR
  --no-open        print the link instead of opening the default browser
  --help           show this

The link works once. Send the process SIGUSR2 for another one.`;

/** @throws ProblemError `app.usage` with what is wrong and what would be right. */
export function parseCommandLine(parameters: readonly string[]): CommandLine {
  const { port = '0', 'data-dir': dataFolder, open = true, help = false } = read(parameters);
  if (!/^\d{1,5}$/u.test(port) || Number(port) > 65_535) {
    throw usageProblem(`--port takes a number from 0 to 65535, not “${port}”.`);
  }
  if (dataFolder === '') throw usageProblem('--data-dir takes the path of a folder.');
  return {
    port: Number(port),
    ...(dataFolder === undefined ? {} : { dataFolder }),
    open,
    help,
  };
}

function read(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      allowNegative: true,
      options: {
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        open: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw usageProblem(error instanceof Error ? error.message : String(error));
  }
}

function usageProblem(message: string): ProblemError {
  return new ProblemError({
    code: 'app.usage',
    source: 'input',
    message,
    advice: 'Use --port N, --data-dir DIR, --no-open or --help.',
    retry: 'never',
  });
}
