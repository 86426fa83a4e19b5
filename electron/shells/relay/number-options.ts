/** The relay's options that take a number, each with what it sets. Used by `command-line.ts`. */
import { DEFAULT_TERMS } from '../../bosh/manager/grant.ts';
import { DEFAULT_LIMITS } from '../../bosh/manager/limits.ts';
import type { RelaySettings } from './relay-settings.ts';
import { usageProblem } from './usage-problem.ts';

type Numbers = Pick<RelaySettings, 'terms' | 'limits' | 'servers' | 'drain'>;

interface NumberOption {
  readonly name: string;
  readonly help: string;
  /** Where it is not given. */
  readonly otherwise: number;
  readonly least: number;
  readonly most: number;
}

const DAY_S = 86_400;
const GIB = 1024 ** 3;

const option = (
  name: string,
  help: string,
  otherwise: number,
  least: number,
  most: number,
): NumberOption => ({ name, help, otherwise, least, most });

/** In the order in which `--help` shows them. */
export const numberOptions = [
  option('wait', 's a request is held at most', DEFAULT_TERMS.wait, 1, 3_600),
  option('inactivity', 's a session lives without a request', DEFAULT_TERMS.inactivity, 1, DAY_S),
  option('maxpause', 's a session may be paused for', DEFAULT_TERMS.maxpause, 1, DAY_S),
  option('sessions', 'sessions at a time', DEFAULT_LIMITS.sessions, 1, 1_000_000),
  option(
    ...(['sessions-per-address', 'the same for one address'] as const),
    ...([DEFAULT_LIMITS.sessionsPerAddress, 1, 1_000_000] as const),
  ),
  option(
    ...(['creations-per-minute', 'new sessions a minute for one address'] as const),
    ...([DEFAULT_LIMITS.creationsPerMinute, 1, 1_000_000] as const),
  ),
  option(
    ...(['refusals-per-minute', 'requests without a session a minute for one address'] as const),
    ...([DEFAULT_LIMITS.refusalsPerMinute, 1, 1_000_000] as const),
  ),
  option(
    ...(['requests-per-second', 'requests a second in one session'] as const),
    ...([DEFAULT_LIMITS.requestsPerSecond, 1, 1_000_000] as const),
  ),
  option('body', 'bytes of one request', DEFAULT_LIMITS.bodyBytes, 1_024, GIB),
  option('stanza', 'characters of one stanza from a server', 4 * 1024 * 1024, 10_000, GIB),
  option(
    ...(['buffer', 'characters that wait for one client before its server is not read'] as const),
    ...([DEFAULT_LIMITS.bufferedLength, 1_024, GIB] as const),
  ),
  option(
    ...(['unread', 'bytes one address leaves unread before its connection is cut'] as const),
    ...([DEFAULT_LIMITS.unsentBytes, 1_024, GIB] as const),
  ),
  option('connect', 's for reaching a server at one address', 10, 1, 600),
  option('probe', 's of silence before a server is probed', 60, 1, DAY_S),
  option('keepalive', 's of silence before whitespace is sent to a server', 150, 1, DAY_S),
  option('drain', 's for sessions to end in at SIGTERM', 10, 0, 3_600),
] as const;

/** Their lines in the usage. */
export function numbersUsage(): string {
  return numberOptions
    .map(
      ({ name, help, otherwise }) => `  ${`--${name} N`.padEnd(24)} ${help} (default ${otherwise})`,
    )
    .join('\n');
}

/** @throws ProblemError `app.usage` */
export function readNumbers(given: Readonly<Record<string, unknown>>): Numbers {
  const numbers = Object.fromEntries(
    numberOptions.map((one) => [one.name, numberOf(one, given[one.name])]),
  );
  const of = (name: string) => numbers[name] ?? 0;
  return {
    terms: { wait: of('wait'), inactivity: of('inactivity'), maxpause: of('maxpause') },
    limits: {
      sessions: of('sessions'),
      sessionsPerAddress: of('sessions-per-address'),
      creationsPerMinute: of('creations-per-minute'),
      refusalsPerMinute: of('refusals-per-minute'),
      requestsPerSecond: of('requests-per-second'),
      bodyBytes: of('body'),
      bufferedLength: of('buffer'),
      unsentBytes: of('unread'),
    },
    servers: {
      connect: of('connect'),
      probe: of('probe'),
      keepalive: of('keepalive'),
      stanza: of('stanza'),
    },
    drain: of('drain'),
  };
}

function numberOf({ name, otherwise, least, most }: NumberOption, given: unknown): number {
  if (given === undefined) return otherwise;
  const number = /^\d{1,10}$/u.test(String(given)) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw usageProblem(
    `--${name} takes a whole number from ${least} to ${most}, not “${given}”.`,
    `For instance --${name} ${otherwise}.`,
  );
}
