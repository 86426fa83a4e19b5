/** Step 6: the BOSH addresses that the domain publishes (host-meta, XEP-0156). */
import { type Problem, problemOf } from '../../../../shared/problem.ts';
import { within } from '../../clock.ts';
import { publishedEndpoints } from '../../endpoints/published-endpoints.ts';
import { fact, failed, type Step } from '../step.ts';
import { wayProblem } from '../way-problem.ts';

const discoveryMs = 25_000;

export const publishedAddress: Step<'published-address'> = {
  id: 'published-address',
  pointless(readings, { endpoint }) {
    // With an address of its own the domain may be somewhere else, and is asked all the same.
    return endpoint === undefined && wayProblem(readings) !== undefined
      ? 'The domain cannot be asked: there is no way to it.'
      : undefined;
  },

  async examine({ domain, endpoint, hostMetaOrigin, path, clock, signal }) {
    try {
      const published = await within(discoveryMs, clock, signal, (stop) =>
        publishedEndpoints(domain, path.http, stop, { hostMetaOrigin }),
      );
      const endpoints = published.map(({ url }) => url);
      return {
        reading: { endpoints },
        state: 'good',
        result: `${domain} publishes its BOSH address: ${endpoints[0]}.`,
        facts: fact('All addresses', endpoints.length > 1 ? endpoints.join(', ') : undefined),
      };
    } catch (error) {
      if (signal.aborted) throw error;
      const reasons = reasonsOf(error);
      const reading = { endpoints: [], reasons, problem: problemOf(error) };
      const outcome = failed<'published-address'>(reading);
      if (endpoint === undefined) return outcome;
      return {
        ...outcome,
        state: 'limited',
        result: `${domain} named no BOSH address when it was asked.`,
        advice: 'Nothing has to be done, because an address was entered.',
      };
    }
  },
};

/** What became of each document. */
function reasonsOf(error: unknown): Problem[] {
  const { cause } = error as { cause?: unknown };
  return cause instanceof AggregateError ? cause.errors.map(problemOf) : [];
}
