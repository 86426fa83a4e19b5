import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';

describe('the command line', () => {
  it('asks for nothing', () => {
    expect(parseCommandLine([])).toEqual({ port: 0, open: true, help: false });
  });

  it('takes port, folder and whether to open', () => {
    expect(parseCommandLine(['--port', '8080', '--data-dir=/data', '--no-open'])).toEqual({
      port: 8080,
      dataFolder: '/data',
      open: false,
      help: false,
    });
  });

  it.each([
    [['--port', 'http'], /--port takes a number from 0 to 65535, not “http”/u],
    [['--port', '65536'], /not “65536”/u],
    [['--port', '-1'], /--port/u],
    [['--port'], /--port/u],
    [['--data-dir', ''], /--data-dir takes the path/u],
    [['--verbose'], /--verbose/u],
    [['extra'], /extra/u],
  ])('refuses %j in words', (parameters, words) => {
    expect(() => parseCommandLine(parameters)).toThrow(words);
    expect(() => parseCommandLine(parameters)).toThrow(/^app\.usage/u);
  });
});
