/**
 * The resume ladder as a pure decision: from what just happened to what to do next. First rung: go on
 * with the stored BOSH session. Then a new one: with the stream of the lost one (XEP-0198), with a token
 * (XEP-0484), with the password; the last two catch up from the archive. `AccountRuntime` carries the steps
 * out; the BOSH session itself sits out every network fault it can, so a rung is left only when its session
 * has ended.
 */
import type { Problem } from '../../shared/problem.ts';
import { backoff } from './backoff.ts';
import { mayFollow } from './see-other-uri.ts';

/** `re-attach` goes on with a stored session; the others begin a new one. */
export type Rung = 're-attach' | NewSession;
type NewSession = 'resume' | 'fast' | 'login';

/** What the ladder remembers between steps. */
export interface LadderState {
  /** Attempts that ended in a row without a good while online. */
  readonly failures: number;
  /** New sessions begun at once, one after the other, since the last pause or the last time online. */
  readonly atOnce: number;
  /** Addresses followed since then. */
  readonly hops: number;
  /** The address to use until the next pause or the next time online (XEP-0124 §17.2 `see-other-uri`). */
  readonly endpoint?: string;
}

/** What can spare a new session the whole sign-in, as it is now. */
export interface Means {
  /** A lost session left a stream that the server may still keep; how long ago, and for how long. */
  readonly stream?: { readonly silentMs: number; readonly keptMs: number };
  /** There is a token this endpoint takes. */
  readonly token?: boolean;
}

export type LadderEvent =
  /** The account begins to connect. `session`: one is stored; its age and how long it may be silent. */
  | {
      readonly type: 'start';
      readonly session?: { readonly silentMs: number; readonly inactivityMs: number };
    }
  /** An attempt came to its end. */
  | {
      readonly type: 'ended';
      readonly rung: Rung;
      readonly problem: Problem;
      /** How long stanzas went both ways; 0 where they never did. */
      readonly onlineMs: number;
      /** The BOSH URL, where it came to one. */
      readonly endpoint?: string;
      /** It was a polling session. */
      readonly polling?: boolean;
    }
  /** The pause of a `wait` step is over, or the person asked to skip it. */
  | { readonly type: 'waited'; readonly asked: boolean };

export type LadderStep =
  | { readonly do: 're-attach'; readonly reason: string }
  | { readonly do: NewSession; readonly reason: string; readonly endpoint?: string }
  | { readonly do: 'wait'; readonly ms: number; readonly problem: Problem }
  /** Nothing more until the person does something; `problem` says what. */
  | { readonly do: 'give-up'; readonly problem: Problem };

/** Online for this long, the next fault counts as the first. */
const GOOD_WHILE_MS = 60_000;
/** A manager that found us too fast is left alone for at least this long. */
const SLOW_DOWN_MS = 10_000;
/** Addresses followed one after the other; more are a circle. */
const MOST_HOPS = 3;
/** Sessions begun one after the other without a pause: each rung once, and a little. */
const MOST_AT_ONCE = 6;

/** The session ended because of how it was begun; another way is taken at once. */
const OTHER_WAYS = new Set(['server.not-resumed', 'server.feature-silent']);

export const ladderStart: LadderState = { failures: 0, atOnce: 0, hops: 0 };

/** The next state and what to do now. */
export function climb(
  state: LadderState,
  event: LadderEvent,
  means: Means,
  random: () => number,
): { state: LadderState; step: LadderStep } {
  switch (event.type) {
    case 'start':
      return {
        state,
        step: event.session
          ? reAttach(event.session)
          : newSession(state, means, 'no session is stored'),
      };
    case 'waited': {
      const rested = { ...ladderStart, failures: state.failures };
      const reason = event.asked
        ? 'asked to try again now'
        : 'the pause before the next try is over';
      return { state: rested, step: newSession(rested, means, reason) };
    }
    case 'ended':
      return afterEnd(event.onlineMs > 0 ? rest(state) : state, event, means, random);
  }
}

/** A step as a line of the log. */
export function describeStep(step: LadderStep): string {
  switch (step.do) {
    case 're-attach':
    case 'resume':
    case 'fast':
    case 'login':
      return `rung ${step.do}: ${step.reason}`;
    case 'wait':
      return `next try in ${step.ms} ms after ${step.problem.code}`;
    case 'give-up':
      return `no further try after ${step.problem.code}`;
  }
}

function rest({ failures }: LadderState): LadderState {
  return { ...ladderStart, failures };
}

function reAttach(session: { silentMs: number; inactivityMs: number }): LadderStep {
  const silent = `a session silent for ${seconds(session.silentMs)} is stored`;
  return {
    do: 're-attach',
    reason:
      session.silentMs <= session.inactivityMs
        ? silent
        : `${silent}; it may be gone, asking costs one request`,
  };
}

/** The highest rung there is for a new session. */
function newSession({ endpoint }: LadderState, means: Means, why: string): LadderStep {
  const where = endpoint === undefined ? {} : { endpoint };
  const { stream, token } = means;
  // The stream is where its session was, and a token is for who gave it.
  if (stream && stream.silentMs <= stream.keptMs && endpoint === undefined) {
    const left = seconds(stream.keptMs - stream.silentMs);
    return { do: 'resume', reason: `${why}; the server may keep its stream for ${left} more` };
  }
  if (token && endpoint === undefined) return { do: 'fast', reason: `${why}; a token is stored` };
  return { do: 'login', reason: why, ...where };
}

function afterEnd(
  state: LadderState,
  event: Extract<LadderEvent, { type: 'ended' }>,
  means: Means,
  random: () => number,
): { state: LadderState; step: LadderStep } {
  const { problem, onlineMs } = event;
  if (problem.code === 'server.conflict') {
    return { state, step: { do: 'give-up', problem: conflict(problem) } };
  }
  if (problem.code === 'endpoint.see-other-uri') return follow(state, event);
  const why = whyAtOnce(event);
  if (why !== undefined && state.atOnce < MOST_AT_ONCE) {
    const next = { ...state, atOnce: state.atOnce + 1 };
    return { state: next, step: newSession(next, means, `${why}: ${problem.code}`) };
  }
  if (problem.retry === 'never') return { state, step: { do: 'give-up', problem } };
  const failures = onlineMs >= GOOD_WHILE_MS ? 1 : state.failures + 1;
  const least = problem.code === 'endpoint.policy-violation' ? SLOW_DOWN_MS : 0;
  const ms = Math.max(least, backoff(failures, random));
  return { state: { ...state, failures }, step: { do: 'wait', ms, problem } };
}

/** Why a new session is begun without a pause; undefined where there has to be one. */
function whyAtOnce(event: Extract<LadderEvent, { type: 'ended' }>): string | undefined {
  const { rung, problem, onlineMs, polling } = event;
  if (problem.code === 'endpoint.policy-violation') return undefined;
  if (OTHER_WAYS.has(problem.code)) return 'another way in is taken';
  if (problem.code === 'network.one-connection' && !polling) return 'one connection has to do';
  if (problem.code === 'network.answers-kept-back' && !polling)
    return 'asking at intervals has to do';
  if (problem.code === 'network.request-too-large' && problem.retry === 'now') {
    return 'smaller requests have to do';
  }
  if (problem.code === 'network.may-have-healed') return 'two connections are tried again';
  // Somebody is waiting for the application to come up: a stored session that did not last has no pause after it.
  if (rung === 're-attach' && onlineMs < GOOD_WHILE_MS) return 'the stored session ended';
  return undefined;
}

/** The manager names another address (XEP-0124 §17.2): the session is begun there, with everything negotiated anew. */
function follow(
  state: LadderState,
  { problem, endpoint: from }: Extract<LadderEvent, { type: 'ended' }>,
): { state: LadderState; step: LadderStep } {
  const { detail: to = '' } = problem;
  const isAllowed = mayFollow(from, to);
  if (!isAllowed || state.hops >= MOST_HOPS) {
    const because = isAllowed ? CIRCLE : FORBIDDEN_ADDRESS;
    return { state, step: { do: 'give-up', problem: { ...because, detail: to } } };
  }
  const next = { ...state, hops: state.hops + 1, endpoint: to };
  const reason = `the server asks to use ${new URL(to).host}`;
  return { state: next, step: { do: 'login', reason, endpoint: to } };
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s`;
}

function conflict(problem: Problem): Problem {
  return {
    ...problem,
    message: 'Another program took over this connection.',
    advice: 'Close the other program, or sign in again to go on here.',
    retry: 'never',
  };
}

const FORBIDDEN_ADDRESS: Problem = {
  code: 'endpoint.see-other-uri',
  source: 'endpoint',
  message: 'The server asks to use another address, and that address is not safe to go to.',
  advice: 'Ask whoever runs the server for its BOSH address and enter it under Accounts.',
  retry: 'never',
};

const CIRCLE: Problem = {
  code: 'endpoint.see-other-uri',
  source: 'endpoint',
  message: 'The server sends Holdfast from one address to the next without end.',
  advice: 'Ask whoever runs the server for its BOSH address and enter it under Accounts.',
  retry: 'never',
};
