/** Step 9: how long a request takes that nothing holds: sessions are opened and ended, both answered at once. */
import { problemOf } from '../../../../shared/problem.ts';
import { formatDuration } from '../../../../shared/units.ts';
import { withoutSession, workingEndpoint } from '../session-steps.ts';
import { fact, failed, type Step } from '../step.ts';
import { TrialSession } from '../trial-session.ts';

const sessions = 3;
/** From here on chatting feels slow, in ms. */
export const SLOW_MS = 1_500;

export const roundTrip: Step<'round-trip'> = {
  id: 'round-trip',
  pointless: withoutSession,

  async examine({ domain, path, clock, signal, readings }) {
    const endpoint = workingEndpoint(readings);
    const samples: number[] = [];
    try {
      for (let opened = 0; opened < sessions; opened += 1) {
        const session = await TrialSession.open({
          ...{ http: path.http, endpoint, domain, wait: 0, clock, signal },
        });
        const ended = await session.end();
        samples.push(session.tookMs, ...(ended === undefined ? [] : [ended]));
      }
    } catch (error) {
      if (signal.aborted) throw error;
      return failed<'round-trip'>({ problem: problemOf(error) });
    }
    samples.sort((one, other) => one - other);
    const medianMs = samples[Math.floor(samples.length / 2)] ?? 0;
    const worstMs = samples.at(-1) ?? 0;
    const isSlow = medianMs >= SLOW_MS;
    return {
      reading: { medianMs, worstMs },
      state: isSlow ? 'limited' : 'good',
      result: `A request and its answer take ${formatDuration(medianMs)}.`,
      ...(isSlow && { advice: 'The network is slow. Messages take a moment, and none is lost.' }),
      facts: [
        ...fact('Median', formatDuration(medianMs)),
        ...fact('Worst', formatDuration(worstMs)),
        ...fact('Samples', samples.length),
      ],
    };
  },
};
