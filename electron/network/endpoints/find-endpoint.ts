/**
 * Finds a way in where no address was typed: the one that worked last, those the domain publishes, and where it
 * publishes none, guesses. Several are raced. Everything goes by the account's own HTTP, so names that only a
 * proxy can look up are no obstacle. The host calls it before it signs in.
 */
import { type Problem, ProblemError, problemOf } from '../../../shared/problem.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { HttpExchange, WithHttp } from '../http-exchange.ts';
import { networkProblem } from '../network-problem.ts';
import type { FoundEndpoint } from './endpoint.ts';
import { guessedEndpoints } from './guessed-endpoints.ts';
import { publishedEndpoints } from './published-endpoints.ts';
import { Race } from './race.ts';

export interface FindOptions {
  readonly domain: string;
  /** What worked here before. */
  readonly last?: FoundEndpoint | undefined;
  /** For the documents, and for each address that is tried. */
  readonly withHttp: WithHttp;
  /** Opens a BOSH session for the domain and ends it. @throws ProblemError where there is none. */
  readonly probe: (url: string, http: HttpExchange, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** For tests. */
  readonly hostMetaOrigin?: string;
  readonly guesses?: readonly string[];
  readonly clock?: Clock;
}

/** How long an address has the field to itself, in ms: longer than a good network takes to open a session. */
const staggerMs = 1_000;

/**
 * The address that answers first. The only address that is published is not tried first: signing in does that.
 * @throws ProblemError `input.domain`, `network.aborted`, `network.no-endpoint` where nothing is published and
 *   no guess is right, or what became of the first address that ought to work.
 */
export async function findEndpoint(options: FindOptions): Promise<FoundEndpoint> {
  const { last, signal, clock = systemClock } = options;
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  const race = new Race<FoundEndpoint>({
    ...{ staggerMs, clock, signal: stop },
    attempt: ({ url }, end) => options.withHttp((http) => options.probe(url, http, end)),
  });
  const looking = look(options, stop);
  const entering = looking.then(({ found, error }) => {
    if (!last && found.length === 1) return found[0];
    const others = found.filter(({ url }) => url !== last?.url);
    race.enter(error === undefined ? others : guessesAfter(error, options));
    race.complete();
    return undefined;
  });
  try {
    if (last) race.enter([last]);
    const only = last ? undefined : await entering;
    if (only) return only;
    const winner = await race.winner;
    if (signal.aborted) throw networkProblem('network.aborted');
    if (winner) return winner;
    throw nothingWorks(race.failures, (await looking).error);
  } finally {
    done.abort();
  }
}

interface Published {
  readonly found: readonly FoundEndpoint[];
  /** Why there is none. */
  readonly error?: unknown;
}

async function look(options: FindOptions, signal: AbortSignal): Promise<Published> {
  const { domain, hostMetaOrigin, withHttp } = options;
  try {
    const found = await withHttp((http) =>
      publishedEndpoints(domain, http, signal, hostMetaOrigin ? { hostMetaOrigin } : {}),
    );
    return { found: found.map(({ url }) => ({ url, source: 'published' })) };
  } catch (error) {
    return { found: [], error };
  }
}

/** None where what was typed is no domain. */
function guessesAfter(error: unknown, { domain, guesses }: FindOptions): FoundEndpoint[] {
  if (problemOf(error).source === 'input') return [];
  return (guesses ?? guessedEndpoints(domain)).map((url) => ({ url, source: 'guess' }));
}

function nothingWorks(failures: Race<FoundEndpoint>['failures'], error: unknown): unknown {
  const right = failures.find(({ candidate }) => candidate.source === 'published');
  if (right) return right.error;
  const { code, source, message, advice, detail, retry }: Problem = problemOf(error);
  const tried = failures.map(
    ({ candidate, error: thrown }) => `${candidate.url}: ${problemOf(thrown).code}`,
  );
  return new ProblemError(
    {
      ...{ code, source, message, advice, retry },
      detail: [detail, ...(tried.length > 0 ? ['guesses'] : []), ...tried]
        .filter((part) => part !== undefined)
        .join('; '),
    },
    { cause: error },
  );
}
