/**
 * Step 10: two requests at once, as BOSH needs them (XEP-0124 §4): while one is held, a second one has to
 * reach the server, which then answers the first. A network that lets one through at a time keeps both waiting.
 */
import { problemOf } from '../../../../shared/problem.ts';
import { withoutSession, workingEndpoint } from '../session-steps.ts';
import { fact, type Step } from '../step.ts';
import { TrialSession } from '../trial-session.ts';

/** The request is held for so long where nothing releases it, in s. */
const wait = 20;
/** The first request has surely arrived after this, in ms; ejabberd minds if it comes second. */
const arrivedMs = 1_000;
const promptMs = 8_000;

export const twoAtOnce: Step<'two-at-once'> = {
  id: 'two-at-once',
  pointless: withoutSession,

  async examine({ domain, path, clock, signal, readings, expect }) {
    const endpoint = workingEndpoint(readings);
    const slowest = readings['round-trip']?.worstMs ?? 0;
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    try {
      const session = await TrialSession.open({
        ...{ http: path.http, endpoint, domain, wait, clock, signal: either },
      });
      await session.features();
      const withinMs = (session.granted.wait ?? wait) * 1_000 + promptMs + 6 * slowest;
      const first = session.ask({ lane: 0, withinMs });
      // Whoever is later than the decision is nobody's business.
      first.catch(() => {});
      await clock.after(arrivedMs + 2 * slowest, either);
      const beganAt = clock.now();
      expect(beganAt + promptMs + 6 * slowest);
      const second = session.ask({ lane: 1, withinMs });
      second.catch(() => {});
      const released = await Promise.race([
        // Where the server holds nothing the second may be answered before the first.
        ...[first, second].map((asked) => asked.then(() => true)),
        clock.after(promptMs + 6 * slowest, either).then(() => false),
      ]);
      signal.throwIfAborted();
      const tookMs = clock.now() - beganAt;
      if (released) {
        // The second one is held now; ending the session releases it.
        await session.end(0);
        return {
          reading: { works: true },
          state: 'good',
          result: 'Two requests at once get through.',
          facts: fact('Released after', `${Math.round(tookMs)} ms`),
        };
      }
      return limited('A second request does not get through while the first is waiting.');
    } catch (error) {
      signal.throwIfAborted();
      const { message, code, detail } = problemOf(error);
      return {
        ...limited(`Two requests at once do not get through. ${message}`),
        facts: [...fact('Problem', code), ...fact('Detail', detail)],
      };
    } finally {
      stop.abort();
    }
  },
};

function limited(result: string) {
  return {
    reading: { works: false },
    state: 'limited',
    result,
    advice:
      'Holdfast can get along with one request at a time; messages then arrive a little later.',
  } as const;
}
