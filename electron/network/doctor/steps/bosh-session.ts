/** Step 7: a session at the BOSH address, and what the server grants (XEP-0124 §7). */
import { grantedRows } from '../../../../shared/health-words.ts';
import { type Problem, problemOf } from '../../../../shared/problem.ts';
import type { Readings } from '../readings.ts';
import { type Examination, fact, failed, type Step } from '../step.ts';
import { TrialSession } from '../trial-session.ts';
import { wayProblem } from '../way-problem.ts';

/** What Holdfast asks for. */
const wait = 60;

export const boshSession: Step<'bosh-session'> = {
  id: 'bosh-session',
  pointless(readings, examination) {
    if (candidates(examination, readings).length > 0) return undefined;
    return examination.endpoint === undefined
      ? 'No BOSH address is known.'
      : 'There is no way to the BOSH address.';
  },

  async examine(examination) {
    const { domain, endpoint: typed, path, clock, signal, readings } = examination;
    const failures: { endpoint: string; problem: Problem }[] = [];
    const blocked = wayProblem(readings);
    if (typed !== undefined && blocked) failures.push({ endpoint: typed, problem: blocked });
    for (const endpoint of candidates(examination, readings)) {
      try {
        const session = await TrialSession.open({
          ...{ http: path.http, endpoint, domain, wait, clock, signal },
        });
        const { granted, response, tookMs } = session;
        await session.end();
        const { via, server, date } = response.headers;
        const clockAheadMs = date === undefined ? Number.NaN : clock.now() - Date.parse(date);
        return {
          reading: {
            ...{ endpoint, granted, failed: failures, httpVersion: response.httpVersion, tookMs },
            ...(via === undefined ? {} : { via }),
            ...(server === undefined ? {} : { server }),
            ...(Number.isNaN(clockAheadMs) ? {} : { clockAheadMs }),
          },
          state: failures.length > 0 ? 'limited' : 'good',
          result: sessionWords(typed, endpoint, failures.length > 0),
          ...(failures.length > 0 && { advice: 'Use the address that works.' }),
          facts: [
            ...fact('Address', endpoint),
            ...failures.flatMap((failure) =>
              fact(`Failed: ${failure.endpoint}`, failure.problem.code),
            ),
            ...grantedRows(granted).flatMap(({ name, value }) => fact(name, value)),
            ...fact('HTTP', response.httpVersion),
            ...fact('Via', via),
            ...fact('Server', server),
          ],
        };
      } catch (error) {
        if (signal.aborted) throw error;
        failures.push({ endpoint, problem: problemOf(error) });
      }
    }
    const [first] = failures;
    const problem = first?.problem ?? problemOf(undefined);
    return failed<'bosh-session'>(
      { granted: {}, failed: failures, problem },
      failures.flatMap((failure) => fact(failure.endpoint, failure.problem.code)),
    );
  },
};

/** The addresses to try in their order: the one that was typed, then those the domain publishes. */
function candidates({ endpoint }: Examination, readings: Readings): string[] {
  const published = readings['published-address']?.endpoints ?? [];
  const typed = endpoint !== undefined && wayProblem(readings) === undefined ? [endpoint] : [];
  const others = published.filter((url) => url !== endpoint);
  // Where nothing gets past the proxy, another address is no better.
  return readings['proxy-sign-in']?.problem ? [] : [...typed, ...others];
}

function sessionWords(typed: string | undefined, endpoint: string, isAnother: boolean): string {
  return isAnother && typed !== undefined
    ? `The address that was entered does not work, but ${endpoint} does.`
    : 'The server opened a session.';
}
