/** A refused request (RFC 6120 §8.3.3) as a Problem; anything else stays what it is. */
import { type Problem, problemOf } from '../../shared/problem.ts';
import { conditionOf } from '../xmpp/extensions/stanza-error.ts';

const WORDS: ReadonlyMap<string, readonly [message: string, advice: string]> = new Map([
  ['item-not-found', ['The server knows nobody at this address.', 'Check how it is written.']],
  ['jid-malformed', ['The server cannot use this address.', 'Check how it is written.']],
  ['not-allowed', ['The server does not allow this.', 'Ask whoever runs it.']],
  ['forbidden', ['The server does not allow this.', 'Ask whoever runs it.']],
  ['not-acceptable', ['The server did not accept this.', 'Check what was entered.']],
  ['remote-server-not-found', ['The other server could not be found.', 'Check the address.']],
  ['remote-server-timeout', ['The other server did not answer.', 'Try again later.']],
  ['resource-constraint', ['The server is too busy or its storage is full.', 'Try again later.']],
]);

/** The Problem to show for anything a command threw. */
export function requestProblem(thrown: unknown): Problem {
  const condition = conditionOf(thrown);
  if (condition === undefined) return problemOf(thrown);
  const known = /^[a-z-]{1,40}$/.test(condition) ? condition : 'undefined-condition';
  const [message, advice] = WORDS.get(known) ?? ['The server refused this.', 'Try again later.'];
  return {
    code: `server.${known}`,
    source: 'server',
    message,
    advice,
    retry: 'never',
    detail: known,
  };
}
