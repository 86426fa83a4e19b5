/**
 * Step 12: a request that the server holds for more than a minute, as it does all day while nobody writes.
 * Many gateways cut it before: by a status, a reset, or in silence. Where there is silence, shorter ones tell
 * how long is short enough.
 */
import { type Problem, problemOf } from '../../../../shared/problem.ts';
import { formatDuration } from '../../../../shared/units.ts';
import { withoutSession, workingEndpoint } from '../session-steps.ts';
import { type Examination, fact, failed, type Outcome, type Step } from '../step.ts';
import { isManagersEnd, TrialSession } from '../trial-session.ts';

/** Longer than any gateway's usual minute, in s. */
const longestWait = 70;
/** Tried where nothing at all comes back from a longer one, in s. */
const shorterWaits = [30, 10];
/** How much later than due an answer may come before it counts as held back or lost, in ms. */
const lateMs = 5_000;
const lostMs = 20_000;

export const heldRequest: Step<'held-request'> = {
  id: 'held-request',
  pointless: withoutSession,

  async examine(examination) {
    const { signal } = examination;
    let hold: Hold;
    try {
      hold = await holdFor(examination, longestWait);
      if (hold.problem?.code !== 'network.timeout') return outcomeOf(hold);
      for (const wait of shorterWaits) {
        const shorter = await holdFor(examination, wait);
        if (shorter.problem === undefined) return silent(hold, shorter.tookMs);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      const problem = problemOf(error);
      return failed<'held-request'>({ wait: longestWait, survivedMs: 0, problem });
    }
    return silent(hold, 0);
  },
};

interface Hold {
  /** As the server granted it, in s. */
  readonly wait: number;
  /** How long it was held, until it was answered, cut or given up. */
  readonly tookMs: number;
  readonly problem?: Problem;
}

/** @throws ProblemError where there is no session to hold a request in. */
async function holdFor(
  { domain, path, clock, signal, readings, expect }: Examination,
  asked: number,
): Promise<Hold> {
  const endpoint = workingEndpoint(readings);
  const session = await TrialSession.open({
    ...{ http: path.http, endpoint, domain, wait: asked, clock, signal },
  });
  await session.features();
  const wait = session.granted.wait ?? asked;
  const began = clock.now();
  expect(began + wait * 1_000);
  try {
    await session.ask({ withinMs: wait * 1_000 + lostMs });
    const tookMs = clock.now() - began;
    await session.end();
    return { wait, tookMs };
  } catch (error) {
    if (signal.aborted) throw error;
    return { wait, tookMs: clock.now() - began, problem: problemOf(error) };
  }
}

function outcomeOf({ wait, tookMs, problem }: Hold): Outcome<'held-request'> {
  if (problem && isManagersEnd(problem)) {
    return {
      reading: { wait, survivedMs: tookMs },
      state: 'good',
      result: `A request waited ${formatDuration(tookMs)} at the server, and nothing cut it. The server lets nobody wait longer who has not signed in.`,
      facts: [...fact('Ended by the server', problem.code), ...fact('Detail', problem.detail)],
    };
  }
  if (problem) {
    return {
      reading: { wait, survivedMs: tookMs, cutAfterMs: tookMs, problem },
      state: 'limited',
      result: `Something on the way cuts a waiting request after ${formatDuration(tookMs)}. ${problem.message}`,
      advice: 'Holdfast can ask anew before that, so that nothing is cut.',
      facts: [...fact('How', problem.code), ...fact('Detail', problem.detail)],
    };
  }
  const late = tookMs - wait * 1_000;
  const reading = { wait, survivedMs: tookMs };
  const facts = [
    ...fact('Granted', `${wait} s`),
    ...fact('Answered after', formatDuration(tookMs)),
  ];
  if (late > lateMs) {
    return {
      reading: { ...reading, lateMs: late },
      state: 'limited',
      result: `The answer to a waiting request came ${formatDuration(late)} late.`,
      advice: 'Something on the way holds answers back. Messages may arrive late here.',
      facts,
    };
  }
  return {
    reading,
    state: 'good',
    result:
      wait < longestWait
        ? `A request waited ${formatDuration(tookMs)} at the server, which lets none wait longer, and nothing cut it.`
        : `A request waited ${formatDuration(tookMs)} at the server, and nothing cut it.`,
    facts,
  };
}

/** @param survivedMs the longest that came back; 0: none did */
function silent({ wait, tookMs, problem }: Hold, survivedMs: number): Outcome<'held-request'> {
  return {
    reading: { wait, survivedMs, cutAfterMs: tookMs, ...(problem && { problem }) },
    state: survivedMs > 0 ? 'limited' : 'bad',
    result:
      survivedMs > 0
        ? `A request that waits ${wait} s is lost without a word; one that waits ${formatDuration(survivedMs)} comes back.`
        : 'Requests that wait are lost without a word.',
    advice: 'Holdfast can ask anew before that, so that nothing is lost.',
  };
}
