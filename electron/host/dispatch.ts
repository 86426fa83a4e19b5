/**
 * Carries a command from a shell to its handler: the input is checked against the contract, and
 * whatever happens becomes a `CommandResult`. The shells call it through `HostPort.run`.
 */
import {
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type CommandResult,
  commandSchemas,
} from '../../shared/contract/commands.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Log } from './log.ts';
import { requestProblem } from './request-problem.ts';

/** One handler for every command of the contract; throws a `ProblemError` to refuse. */
export type Handlers = {
  readonly [N in CommandName]: (input: CommandInput<N>) => Promise<CommandOutput<N>>;
};

/** Returns a function that never rejects. */
export function createDispatch(
  handlers: Handlers,
  log: Log,
): (name: string, input: unknown) => Promise<CommandResult> {
  return async (name, input) => {
    try {
      if (!isCommand(name)) return refuse(unknownCommand(name));
      const checked = commandSchemas[name].input.safeParse(input);
      if (!checked.success) {
        const places = checked.error.issues.map(
          (issue) => `${issue.path.join('.') || 'input'}: ${issue.code}`,
        );
        return refuse(invalidInput(`${name}: ${places.join(', ')}`));
      }
      const handler = handlers[name] as (input: unknown) => Promise<CommandOutput<CommandName>>;
      return { ok: true, value: await handler(checked.data) };
    } catch (thrown) {
      const problem = requestProblem(thrown);
      log(`command ${name} failed: ${problem.code}${problem.detail ? ` (${problem.detail})` : ''}`);
      return refuse(problem);
    }
  };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commandSchemas, name);
}

function refuse(problem: Problem): CommandResult {
  return { ok: false, problem };
}

function unknownCommand(name: string): Problem {
  return {
    code: 'input.unknown-command',
    source: 'input',
    message: 'This window asked for something that Holdfast does not know.',
    advice: 'Reload the window: it may be of another version.',
    retry: 'never',
    detail: name.slice(0, 80),
  };
}

function invalidInput(detail: string): Problem {
  return {
    code: 'input.invalid',
    source: 'input',
    message: 'Some of what was entered cannot be used.',
    advice: 'Check it and try again.',
    retry: 'never',
    detail,
  };
}
