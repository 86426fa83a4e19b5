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
/** The share of its time after which an answer may be the server's own end to it. */
const ownEnd = 0.9;

export const twoAtOnce: Step<'two-at-once'> = {
  id: 'two-at-once',
  pointless: withoutSession,

  async examine({ domain, path, clock, signal, readings, expect }) {
    const endpoint = workingEndpoint(readings);
    const { medianMs: usual = 0, worstMs: slowest = 0 } = readings['round-trip'] ?? {};
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    try {
      const session = await TrialSession.open({
        ...{ http: path.http, endpoint, domain, wait, clock, signal: either },
      });
      await session.features();
      const waitMs = (session.granted.wait ?? wait) * 1_000;
      if (waitMs === 0) {
        await session.end();
        return works('The server holds no requests back, so one at a time is enough.');
      }
      const patience = promptMs + 6 * slowest;
      const withinMs = waitMs + patience;
      const overAt = clock.now() + waitMs * ownEnd;
      const first = session.ask({ lane: 0, withinMs });
      // Whoever is later than the decision is nobody's business.
      first.catch(() => {});
      await clock.after(arrivedMs + 2 * usual, either);
      const beganAt = clock.now();
      // At the end of its time the first one comes back whatever became of the second.
      const decisionMs = Math.max(0, Math.min(patience, overAt - beganAt));
      expect(beganAt + decisionMs);
      const second = session.ask({ lane: 1, withinMs });
      second.catch(() => {});
      const outcome = await Promise.race([
        first.then(
          () => 'released' as const,
          (error: unknown) => cutBefore(error),
        ),
        // Where the server holds nothing the second may be answered before the first.
        second.then(() => 'released' as const),
        clock.after(decisionMs, either).then(() => 'stalled' as const),
      ]);
      signal.throwIfAborted();
      const tookMs = clock.now() - beganAt;
      if (typeof outcome === 'object') return outcome;
      if (outcome === 'released') {
        // The second one is held now; ending the session releases it.
        await session.end(0);
        return {
          ...works('Two requests at once get through.'),
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

/** The first one failed by itself: nothing can be said of two. */
function cutBefore(error: unknown) {
  const { code, message } = problemOf(error);
  return {
    reading: {},
    state: 'limited',
    result: `Two at once could not be tried, because the one that waits is cut too soon. ${message}`,
    facts: fact('Problem', code),
  } as const;
}

function works(result: string) {
  return { reading: { works: true }, state: 'good', result } as const;
}

function limited(result: string) {
  return {
    reading: { works: false },
    state: 'limited',
    result,
    advice:
      'Holdfast can get along with one request at a time; messages then arrive a little later.',
  } as const;
}
