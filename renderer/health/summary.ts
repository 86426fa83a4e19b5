/**
 * The top of the health panel: what the connection is doing, in a title and a sentence for a person who
 * knows nothing of BOSH. Derived from the account and its reading; nothing here is kept.
 */
import type { Account } from '../../shared/contract/records.ts';
import type { Health } from '../../shared/health.ts';
import { phaseWords, stateWords } from '../../shared/health-words.ts';
import type { Problem } from '../../shared/problem.ts';
import { formatCounted, formatDuration, formatRemaining } from '../../shared/units.ts';

/** What the colour and the icon say; the title says it in words. */
export type Tone = 'good' | 'working' | 'trouble' | 'off';

export interface Summary {
  readonly tone: Tone;
  /** A few plain words: `Connected`. */
  readonly title: string;
  /** The protocol's word for the same: `open`; for an account without a session, its phase. */
  readonly word: string;
  /** One or two sentences. */
  readonly sentence: string;
  /** What comes next and by when, counting down at `now`; absent where nothing does. */
  readonly next?: string;
}

/** @param now epoch ms, for what counts down */
export function summarise(account: Account, health: Health | undefined, now: number): Summary {
  return health ? ofSession(health, now) : ofAccount(account, now);
}

function ofSession(health: Health, now: number): Summary {
  const say = (tone: Tone, sentence: string, next?: string): Summary => ({
    tone,
    title: stateWords[health.state],
    word: health.state,
    sentence,
    ...(next ? { next } : {}),
  });
  const happened = health.lastProblem && whatAndAdvice(health.lastProblem);
  switch (health.state) {
    case 'connecting':
      return say('working', 'Asking the endpoint for a session.');
    case 'negotiating':
      return say('working', 'The session is open. Signing in to the account.');
    case 'open':
      return say('good', openSentence(health));
    case 'paused':
      return say(
        'working',
        'The server keeps the session while nothing is sent.',
        timeLeft(health, now),
      );
    case 'broken':
      return say(
        'trouble',
        happened ?? 'The connection broke.',
        [nextTry(health.retryAt, now), timeLeft(health, now)].filter(Boolean).join(' '),
      );
    case 'closing':
      return say('working', 'Telling the server that the session ends.');
    case 'closed':
      return say('off', happened ?? 'The session has ended.');
  }
}

function openSentence(health: Health): string {
  const median = health.roundTrip?.median;
  // Tenths of a millisecond are for the administrator, further down.
  const speed = median === undefined ? undefined : formatDuration(Math.max(1, Math.round(median)));
  if (health.held > 0) {
    const held = `The server holds ${formatCounted(health.held, 'request')}`;
    return speed ? `${held} and answers in ${speed}.` : `${held} and answers when there is news.`;
  }
  const underWay = health.window.filter((slot) => slot.state === 'in-flight').length;
  const now =
    underWay > 0
      ? `${formatCounted(underWay, 'request')} ${underWay === 1 ? 'is' : 'are'} on the way to the server.`
      : 'No request is on the way.';
  return speed ? `${now} The server answers in ${speed}.` : now;
}

function nextTry(retryAt: number | undefined, now: number): string {
  return retryAt !== undefined && retryAt > now
    ? `Next try in ${formatRemaining(retryAt - now)}.`
    : 'Trying now.';
}

function timeLeft(health: Health, now: number): string | undefined {
  if (health.inactivityDeadline === undefined) return undefined;
  const remaining = health.inactivityDeadline - now;
  return remaining > 0
    ? `The session can go on for another ${formatRemaining(remaining)}.`
    : 'The session may have ended on the server; a new one takes its place.';
}

function ofAccount(account: Account, now: number): Summary {
  const { phase, problem, retryAt } = account.connection;
  const say = (tone: Tone, sentence: string, next?: string): Summary => ({
    tone,
    title: phaseWords[phase],
    word: phase,
    sentence,
    ...(next ? { next } : {}),
  });
  const happened = problem && whatAndAdvice(problem);
  switch (phase) {
    case 'offline':
      return say(
        'off',
        account.enabled
          ? `${problem?.message ?? 'This account is offline.'} There is no session with the server.`
          : 'This account is signed out, so there is no session with the server.',
      );
    case 'finding-endpoint':
      return say('working', 'Looking up the address where the server takes BOSH requests.');
    case 'opening-session':
      return say('working', 'Asking the endpoint for a session.');
    case 'signing-in':
      return say('working', 'Signing in to the account.');
    case 'catching-up':
      return say('working', 'Fetching what arrived in the meantime.');
    case 'online':
      return say('working', 'The first reading of the session is on its way.');
    case 'reconnecting':
      return say('trouble', happened ?? 'The last session ended.', nextTry(retryAt, now));
    case 'failed':
      return say(
        'trouble',
        happened ?? 'The sign-in ended, so there is no session with the server.',
      );
  }
}

function whatAndAdvice({ message, advice }: Problem): string {
  return advice ? `${message} ${advice}` : message;
}
