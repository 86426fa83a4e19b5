/**
 * The resume ladder as a pure decision: from what just happened to what to do next. First rung: go on
 * with the stored BOSH session. Second: sign in anew and catch up from the archive. `AccountRuntime`
 * carries the steps out; the BOSH session itself sits out every network fault it can, so a rung is left
 * only when its session has ended.
 */
import type { Problem } from '../../shared/problem.ts';
import { backoff } from './backoff.ts';

/** What the ladder remembers between steps. */
export interface LadderState {
  /** Attempts that ended in a row without a good while online. */
  readonly failures: number;
}

export type LadderEvent =
  /** The account begins to connect. `session`: one is stored; its age and how long it may be silent. */
  | {
      readonly type: 'start';
      readonly session?: { readonly silentMs: number; readonly inactivityMs: number };
    }
  /** An attempt came to its end. `onlineMs`: how long stanzas went both ways; 0 where they never did. */
  | {
      readonly type: 'ended';
      readonly rung: 're-attach' | 'login';
      readonly problem: Problem;
      readonly onlineMs: number;
    }
  /** The pause of a `wait` step is over, or the person asked to skip it. */
  | { readonly type: 'waited'; readonly asked: boolean };

export type LadderStep =
  | { readonly do: 're-attach'; readonly reason: string }
  | { readonly do: 'login'; readonly reason: string }
  | { readonly do: 'wait'; readonly ms: number; readonly problem: Problem }
  /** Nothing more until the person does something; `problem` says what. */
  | { readonly do: 'give-up'; readonly problem: Problem };

/** Online for this long, the next fault counts as the first. */
const GOOD_WHILE_MS = 60_000;

export const ladderStart: LadderState = { failures: 0 };

/** The next state and what to do now. */
export function climb(
  state: LadderState,
  event: LadderEvent,
  random: () => number,
): { state: LadderState; step: LadderStep } {
  switch (event.type) {
    case 'start':
      return { state, step: event.session ? reAttach(event.session) : firstLogin };
    case 'waited':
      return {
        state,
        step: {
          do: 'login',
          reason: event.asked ? 'asked to try again now' : 'the pause before the next try is over',
        },
      };
    case 'ended':
      return afterEnd(state, event, random);
  }
}

/** A step as a line of the log. */
export function describeStep(step: LadderStep): string {
  switch (step.do) {
    case 're-attach':
    case 'login':
      return `rung ${step.do}: ${step.reason}`;
    case 'wait':
      return `next try in ${step.ms} ms after ${step.problem.code}`;
    case 'give-up':
      return `no further try after ${step.problem.code}`;
  }
}

const firstLogin: LadderStep = { do: 'login', reason: 'no session is stored' };

function reAttach(session: { silentMs: number; inactivityMs: number }): LadderStep {
  const seconds = Math.max(0, Math.round(session.silentMs / 1000));
  return {
    do: 're-attach',
    reason:
      session.silentMs <= session.inactivityMs
        ? `a session silent for ${seconds} s is stored`
        : `a session silent for ${seconds} s is stored; it may be gone, asking costs one request`,
  };
}

function afterEnd(
  state: LadderState,
  event: Extract<LadderEvent, { type: 'ended' }>,
  random: () => number,
): { state: LadderState; step: LadderStep } {
  const { problem } = event;
  if (problem.code === 'server.conflict') {
    return { state, step: { do: 'give-up', problem: conflict(problem) } };
  }
  // Somebody is waiting for the application to come up: a stored session that did not last has no pause after it.
  if (event.rung === 're-attach' && event.onlineMs < GOOD_WHILE_MS) {
    return { state, step: { do: 'login', reason: `the stored session ended: ${problem.code}` } };
  }
  if (problem.retry === 'never') return { state, step: { do: 'give-up', problem } };
  const failures = event.onlineMs >= GOOD_WHILE_MS ? 1 : state.failures + 1;
  return { state: { failures }, step: { do: 'wait', ms: backoff(failures, random), problem } };
}

function conflict(problem: Problem): Problem {
  return {
    ...problem,
    message: 'Another program took over this connection.',
    advice: 'Close the other program, or sign in again to go on here.',
    retry: 'never',
  };
}
