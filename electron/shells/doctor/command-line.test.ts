import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../shared/problem.ts';
import { parseDoctorCommandLine } from './command-line.ts';

describe('the command line of holdfast doctor', () => {
  it.each([
    [['me@example.org'], { jid: 'me@example.org', json: false }],
    [['Example.ORG', '--json'], { jid: 'example.org', json: true }],
    [
      ['me@example.org/home', '--url', 'https://example.org/bosh'],
      { jid: 'me@example.org', json: false, endpoint: 'https://example.org/bosh' },
    ],
    [['--help'], { json: false }],
  ])('reads %j', (parameters, line) => {
    expect(parseDoctorCommandLine(parameters)).toEqual(line);
  });

  it.each([
    [[], 'app.usage'],
    [['a@b', 'c@d'], 'app.usage'],
    [['not an address'], 'app.usage'],
    [['a@b', '--loud'], 'app.usage'],
    [['a@b', '--url', 'http://example.org/bosh'], 'input.endpoint-insecure'],
  ])('refuses %j', (parameters, code) => {
    try {
      parseDoctorCommandLine(parameters);
      expect.unreachable();
    } catch (error) {
      expect(problemOf(error).code).toBe(code);
    }
  });
});
