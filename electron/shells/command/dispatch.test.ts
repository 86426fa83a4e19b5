import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../shared/problem.ts';
import { type Command, dispatch, type RunCommand } from './dispatch.ts';

async function run(parameters: string[], ...commands: (readonly [string, RunCommand])[]) {
  const loaded: string[] = [];
  const out: string[] = [];
  const errors: string[] = [];
  const table = Object.fromEntries(
    commands.map(([name, command]): [string, Command] => [
      name,
      {
        summary: `does ${name}`,
        load: async () => {
          loaded.push(name);
          return command;
        },
      },
    ]),
  );
  const output = {
    out: (line: string) => out.push(line),
    error: (line: string) => errors.push(line),
  };
  return { status: await dispatch(table, parameters, '1.2.3', output), out, errors, loaded };
}

const fine: RunCommand = async () => 0;

describe('the program', () => {
  it('hands its parameters to the command that was named and loads no other', async () => {
    const taken: string[][] = [];
    const one: RunCommand = async (parameters) => {
      taken.push([...parameters]);
      return 7;
    };
    const ran = await run(['one', '--help', 'two'], ['one', one], ['two', fine]);
    expect(ran).toMatchObject({ status: 7, loaded: ['one'], out: [], errors: [] });
    expect(taken).toEqual([['--help', 'two']]);
  });

  it.each([[[]], [['--help']]])('lists its commands when asked with %j', async (parameters) => {
    const { status, out } = await run(parameters, ['one', fine], ['three', fine]);
    expect(status).toBe(0);
    expect(out.join('\n')).toContain('  one    does one\n  three  does three\n');
  });

  it('tells its version', async () => {
    expect(await run(['--version'])).toMatchObject({ status: 0, out: ['1.2.3'] });
  });

  it.each(['onne', 'constructor', '--one'])('does not know a command “%s”', async (name) => {
    const { status, errors, loaded } = await run([name], ['one', fine]);
    expect({ status, loaded }).toEqual({ status: 2, loaded: [] });
    expect(errors).toEqual([
      `There is no command “${name}”. “holdfast --help” lists the commands.`,
    ]);
  });

  it.each([
    ['app.usage', 2],
    ['app.port-taken', 1],
  ])('says what went wrong in a line and ends %s with status %d', async (code, expected) => {
    const { status, errors } = await run(
      ['one'],
      [
        'one',
        async () => {
          throw new ProblemError({
            ...{ code, source: 'input', message: 'So it is.', advice: 'Do this.', retry: 'never' },
          });
        },
      ],
    );
    expect({ status, errors }).toEqual({ status: expected, errors: ['So it is. Do this.'] });
  });
});
