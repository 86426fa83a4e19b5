/** Why a message came back, in words: the stanza error conditions of RFC 6120 §8.3.3 as Problems. */
import type { Element } from '@xmpp/xml';
import type { Problem } from '../../../shared/problem.ts';
import { bounded, childText } from './stanza.ts';

const NAMESPACE = 'urn:ietf:params:xml:ns:xmpp-stanzas';

/** What each condition means for the person who wrote the message; the rest share one sentence. */
const WORDS: ReadonlyMap<string, readonly [message: string, advice: string]> = new Map([
  ['item-not-found', ['There is nobody at this address.', 'Check how the address is written.']],
  [
    'service-unavailable',
    [
      'The other server did not take this message.',
      'The person may not exist there, or may not accept messages from you.',
    ],
  ],
  ['recipient-unavailable', ['The other side could not be reached.', 'Send it again later.']],
  [
    'remote-server-not-found',
    ['The other server could not be found.', 'Check the part of the address after the @.'],
  ],
  ['remote-server-timeout', ['The other server did not answer.', 'Send it again later.']],
  [
    'forbidden',
    ['The other side does not accept messages from you.', 'Ask to be added as a contact first.'],
  ],
  [
    'not-allowed',
    ['The other side does not accept messages from you.', 'Ask to be added as a contact first.'],
  ],
  [
    'not-acceptable',
    ['The message was not accepted.', 'You may have blocked this person, or they you.'],
  ],
  [
    'policy-violation',
    ['A server’s rules do not allow this message.', 'Make it shorter, or wait a little.'],
  ],
  ['resource-constraint', ['A server is too busy or its storage is full.', 'Send it again later.']],
  [
    'subscription-required',
    ['The other side accepts messages from contacts only.', 'Add them as a contact first.'],
  ],
]);

const NOBODY_KNOWS = ['The message could not be delivered.', 'Send it again later.'] as const;

/** The Problem of a `<message type='error'/>`: code `server.message-` and the condition. */
export function messageProblem(message: Element): Problem {
  const error = message.getChild('error');
  const condition = error
    ?.getChildElements()
    .find((child) => child.getNS() === NAMESPACE && child.getName() !== 'text')
    ?.getName();
  const known = condition !== undefined && /^[a-z-]{1,40}$/.test(condition) ? condition : undefined;
  const [sentence, advice] = WORDS.get(known ?? '') ?? NOBODY_KNOWS;
  const text = error && childText(error, 'text', NAMESPACE, 1_000);
  const detail = [known, text].filter((part) => part !== undefined).join(': ');
  return {
    code: `server.message-${known ?? 'undefined-condition'}`,
    source: 'server',
    message: sentence,
    advice,
    retry: 'never',
    ...(detail === '' ? {} : { detail: bounded(detail, 1_100) }),
  };
}
