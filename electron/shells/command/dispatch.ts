/**
 * `holdfast NAME …`: finds the command that was named and runs it. Used by the program's main file,
 * `holdfast.ts`, which says which commands there are.
 */
import { ProblemError, problemOf } from '../../../shared/problem.ts';

/** One command. */
export interface Command {
  /** What it is for, in a few words for the list of commands. */
  readonly summary: string;
  /** Loads it; what the others need stays on disk. */
  readonly load: () => Promise<RunCommand>;
}

/**
 * Runs a command until it is done.
 * @param parameters what follows its name.
 * @returns the exit status.
 * @throws ProblemError `app.usage` where the parameters are not its own.
 */
export type RunCommand = (parameters: readonly string[]) => Promise<number>;

/** Where a command speaks to. */
export interface Output {
  /** Takes what was asked for. */
  out(line: string): void;
  /** Takes what went wrong. */
  error(line: string): void;
}

/**
 * Runs the command that the first parameter names.
 * @returns the exit status: the command's own, 2 for a wrong command line, 1 where something else went wrong.
 */
export async function dispatch(
  commands: Readonly<Record<string, Command>>,
  parameters: readonly string[],
  version: string,
  output: Output,
): Promise<number> {
  const [name, ...rest] = parameters;
  try {
    if (name === '--version') {
      output.out(version);
      return 0;
    }
    if (name === undefined || name === '--help') {
      output.out(usage(commands));
      return 0;
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw unknownCommand(name);
    const run = await command.load();
    return await run(rest);
  } catch (error) {
    const problem = problemOf(error);
    output.error([problem.message, problem.advice, problem.detail].filter(Boolean).join(' '));
    return problem.code === 'app.usage' ? 2 : 1;
  }
}

function usage(commands: Readonly<Record<string, Command>>): string {
  const names = Object.keys(commands);
  const width = Math.max(0, ...names.map((name) => name.length));
  return [
    'Usage: holdfast COMMAND …',
    '',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    '“holdfast COMMAND --help” says what a command takes.',
  ].join('\n');
}

function unknownCommand(name: string): ProblemError {
  return new ProblemError({
    code: 'app.usage',
    source: 'input',
    message: `There is no command “${name}”.`,
    advice: '“holdfast --help” lists the commands.',
    retry: 'never',
  });
}
