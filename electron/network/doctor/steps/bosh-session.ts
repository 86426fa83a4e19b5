/**
 * Step 7: a session at the BOSH address, and what the server grants (XEP-0124 §7). Tried are the address that
 * was entered, those the domain publishes, and where there is neither, guesses.
 */
import { grantedRows } from '../../../../shared/health-words.ts';
import { type Problem, problemOf } from '../../../../shared/problem.ts';
import { within } from '../../clock.ts';
import type { Readings } from '../readings.ts';
import { type Examination, fact, failed, type Outcome, type Step } from '../step.ts';
import { PROMPT_MS, TrialSession } from '../trial-session.ts';
import { wayProblem } from '../way-problem.ts';

/** What Holdfast asks for. */
const wait = 60;
/** A guess that is right answers sooner than this, in ms. */
const guessMs = 6_000;

interface Candidate {
  readonly endpoint: string;
  readonly isGuess: boolean;
}

type Failed = { readonly endpoint: string; readonly problem: Problem };

export const boshSession: Step<'bosh-session'> = {
  id: 'bosh-session',
  pointless(readings, examination) {
    if (candidates(examination, readings).length > 0) return undefined;
    return examination.endpoint === undefined
      ? 'No BOSH address is known.'
      : 'There is no way to the BOSH address.';
  },

  async examine(examination) {
    const { endpoint: typed, signal, readings } = examination;
    const failures: Failed[] = [];
    const blocked = wayProblem(readings);
    if (typed !== undefined && blocked) failures.push({ endpoint: typed, problem: blocked });
    const tried = candidates(examination, readings);
    for (const candidate of tried) {
      try {
        const session = await open(examination, candidate);
        const isOther = typed !== undefined && candidate.endpoint !== typed;
        return opened(examination, candidate, session, isOther ? failures : []);
      } catch (error) {
        if (signal.aborted) throw error;
        failures.push({ endpoint: candidate.endpoint, problem: problemOf(error) });
      }
    }
    // A guess that is wrong says nothing: what matters is that nobody named an address.
    const isGuessing = tried.some(({ isGuess }) => isGuess);
    const named = isGuessing ? readings['published-address']?.problem : failures[0]?.problem;
    const problem = blocked ?? named ?? problemOf(undefined);
    return failed<'bosh-session'>(
      { granted: {}, failed: failures, problem },
      failures.flatMap((failure) => fact(failure.endpoint, failure.problem.code)),
    );
  },
};

async function open(
  { domain, path, clock, signal }: Examination,
  { endpoint, isGuess }: Candidate,
): Promise<TrialSession> {
  return within(isGuess ? guessMs : PROMPT_MS, clock, signal, (stop) =>
    TrialSession.open({ ...{ http: path.http, endpoint, domain, wait, clock, signal: stop } }),
  );
}

async function opened(
  { clock, domain }: Examination,
  { endpoint, isGuess }: Candidate,
  session: TrialSession,
  failures: readonly Failed[],
): Promise<Outcome<'bosh-session'>> {
  const { granted, response, tookMs } = session;
  await session.end();
  const { via, server, date } = response.headers;
  const clockAheadMs = date === undefined ? Number.NaN : clock.now() - Date.parse(date);
  const isOther = failures.length > 0;
  return {
    reading: {
      ...{
        endpoint,
        isGuess,
        granted,
        failed: failures,
        httpVersion: response.httpVersion,
        tookMs,
      },
      ...(via === undefined ? {} : { via }),
      ...(server === undefined ? {} : { server }),
      ...(Number.isNaN(clockAheadMs) ? {} : { clockAheadMs }),
    },
    state: isOther ? 'limited' : 'good',
    result: isGuess
      ? `The server opened a session at ${endpoint}. That was a guess: ${domain} does not name its address.`
      : isOther
        ? `The address that was entered does not work, but ${endpoint} does.`
        : 'The server opened a session.',
    ...(isOther && { advice: 'Use the address that works.' }),
    facts: [
      ...fact('Address', endpoint),
      ...failures.flatMap((failure) => fact(`Failed: ${failure.endpoint}`, failure.problem.code)),
      ...grantedRows(granted).flatMap(({ name, value }) => fact(name, value)),
      ...fact('HTTP', response.httpVersion),
      ...fact('Via', via),
      ...fact('Server', server),
    ],
  };
}

/** The addresses to try, in their order. */
function candidates({ endpoint, guesses }: Examination, readings: Readings): Candidate[] {
  // Where nothing gets past the proxy, no address is any better.
  if (readings['proxy-sign-in']?.problem) return [];
  const published = readings['published-address']?.endpoints ?? [];
  const isReachable = wayProblem(readings) === undefined;
  const named = [
    ...(endpoint !== undefined && isReachable ? [endpoint] : []),
    ...published.filter((url) => url !== endpoint),
  ];
  const isGuessing = endpoint === undefined && published.length === 0 && mayGuess(readings);
  return isGuessing
    ? guesses.map((guess) => ({ endpoint: guess, isGuess: true }))
    : named.map((url) => ({ endpoint: url, isGuess: false }));
}

/** Guesses are on the domain's own name, and may be open where the domain's website is not. */
function mayGuess(readings: Readings): boolean {
  const { connection } = readings;
  return (
    readings['name-resolution']?.problem === undefined &&
    !(connection?.problem && connection.to === 'proxy')
  );
}
