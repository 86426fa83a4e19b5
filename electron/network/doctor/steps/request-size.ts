/**
 * Step 11: how large a request may be. Sessions are asked for in larger and larger requests, filled up with
 * white space, until one is refused; then the limit is narrowed down.
 */
import { type Problem, problemOf } from '../../../../shared/problem.ts';
import { formatBytes } from '../../../../shared/units.ts';
import { withoutSession, workingEndpoint } from '../session-steps.ts';
import { type Examination, fact, failed, type Step } from '../step.ts';
import { TrialSession } from '../trial-session.ts';

/** In bytes. The last one is more than Holdfast ever sends at once. */
const sizes = [4, 16, 64, 256, 512].map((kibibytes) => kibibytes * 1024);
/** The limit is known well enough when it is known to this share. */
const precision = 1 / 8;
/** An answer that took this long says that larger requests would take longer than is good, in ms. */
const slowMs = 8_000;

export const requestSize: Step<'request-size'> = {
  id: 'request-size',
  pointless: withoutSession,

  async examine(examination) {
    const { clock } = examination;
    let largest = 0;
    let refused: { size: number; problem: Problem } | undefined;
    let isSlow = false;
    for (const size of sizes) {
      const began = clock.now();
      const problem = await tryTwice(examination, size);
      if (problem) {
        refused = { size, problem };
        break;
      }
      largest = size;
      isSlow = clock.now() - began > slowMs;
      if (isSlow) break;
    }
    if (!refused) {
      return {
        reading: { largest },
        state: 'good',
        result: isSlow
          ? `Requests of ${formatBytes(largest)} get through. Larger ones were not tried, because the network is slow.`
          : `Requests of ${formatBytes(largest)} get through. Holdfast sends none that are larger.`,
      };
    }
    if (largest === 0) {
      return failed<'request-size'>({ largest, refused: refused.size, problem: refused.problem });
    }
    while (refused.size - largest > refused.size * precision) {
      const size = Math.round((largest + refused.size) / 2);
      const problem = await tryTwice(examination, size);
      if (problem) refused = { size, problem };
      else largest = size;
    }
    return {
      reading: { largest, refused: refused.size, problem: refused.problem },
      state: 'limited',
      result: `Requests of more than ${formatBytes(largest)} do not get through. ${refused.problem.message}`,
      advice: 'Holdfast can keep its requests smaller than that.',
      facts: [
        ...fact('Got through', `${largest} bytes`),
        ...fact('Refused', `${refused.size} bytes`),
        ...fact('Problem', refused.problem.code),
        ...fact('Detail', refused.problem.detail),
      ],
    };
  },
};

/** What keeps a request of this size from getting through, twice in a row. */
async function tryTwice(examination: Examination, size: number): Promise<Problem | undefined> {
  return (await trySize(examination, size)) && trySize(examination, size);
}

async function trySize(
  { domain, path, clock, signal, readings }: Examination,
  size: number,
): Promise<Problem | undefined> {
  const endpoint = workingEndpoint(readings);
  try {
    const session = await TrialSession.open({
      ...{ http: path.http, endpoint, domain, wait: 0, size, clock, signal },
    });
    await session.end();
    return undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return problemOf(error);
  }
}
