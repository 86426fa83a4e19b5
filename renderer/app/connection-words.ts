/** An account's connection in words and in one of four tones, the same everywhere. */
import type { Account, ConnectionPhase } from '../../shared/contract/records.ts';

export type Tone = 'good' | 'waiting' | 'bad' | 'off';

const WORDS: Readonly<Record<ConnectionPhase, string>> = {
  offline: 'Signed out',
  'finding-endpoint': 'Finding the endpoint…',
  'opening-session': 'Opening the session…',
  'signing-in': 'Signing in…',
  'catching-up': 'Catching up…',
  online: 'Online',
  reconnecting: 'Reconnecting…',
  failed: 'Not connected',
};

/** A few words for a phase. */
export function phaseWords(phase: ConnectionPhase): string {
  return WORDS[phase];
}

/** `waiting` is everything that goes on by itself, `bad` what needs the person. */
export function phaseTone(phase: ConnectionPhase): Tone {
  if (phase === 'online') return 'good';
  if (phase === 'failed') return 'bad';
  return phase === 'offline' ? 'off' : 'waiting';
}

/** The one account whose connection matters most now: a failed one, then a waiting one, then any. */
export function mostPressing(accounts: readonly Account[]): Account | undefined {
  const urgency: readonly Tone[] = ['bad', 'waiting', 'good', 'off'];
  return [...accounts].sort(
    (one, other) =>
      urgency.indexOf(phaseTone(one.connection.phase)) -
      urgency.indexOf(phaseTone(other.connection.phase)),
  )[0];
}
