/** The command line of `holdfast doctor`. Pure. */
import { parseArgs } from 'node:util';
import { bareJid, parseJid } from '../../../shared/jid.ts';
import { ProblemError } from '../../../shared/problem.ts';
import { parseEndpoint } from '../../network/endpoint-address.ts';

export interface DoctorCommandLine {
  /** Bare JID or domain; absent where help was asked for. */
  readonly jid?: string;
  /** The BOSH URL to look at. */
  readonly endpoint?: string;
  readonly json: boolean;
}

/** What `holdfast doctor --help` prints. */
export const USAGE = `Usage: holdfast doctor ADDRESS [--url URL] [--json]

Examines the way from this computer to a chat server, step by step, and says what stands in it.
It takes about two minutes; Ctrl+C ends it early. It needs no password and signs in nowhere.

  ADDRESS      name@example.org, or only example.org
  --url URL    the BOSH address to look at; without it, the one that the domain publishes
  --json       print one JSON object at the end and nothing else
  --help       show this

The exit status is 0 where chat gets through, 1 where it does not, 2 for a wrong command line and
3 where the examination was stopped.`;

/** @throws ProblemError `app.usage`, or what is wrong with the URL. */
export function parseDoctorCommandLine(parameters: readonly string[]): DoctorCommandLine {
  const { values, positionals } = read(parameters);
  const { url, json = false, help = false } = values;
  if (help) return { json };
  const [address, ...more] = positionals;
  if (address === undefined || more.length > 0) throw usage('One address is needed.');
  if (parseJid(address) === undefined) throw usage(`“${address}” is not an address.`);
  return {
    jid: bareJid(address),
    json,
    ...(url === undefined ? {} : { endpoint: parseEndpoint(url) }),
  };
}

function read(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function usage(message: string): ProblemError {
  return new ProblemError({
    code: 'app.usage',
    source: 'input',
    message,
    advice: '“holdfast doctor --help” says what it takes.',
    retry: 'never',
  });
}
