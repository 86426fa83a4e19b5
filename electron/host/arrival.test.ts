import { expect, test } from 'vitest';
import type { DecodedMessage } from '../xmpp/extensions/decoded-message.ts';
import { arrivalOf } from './arrival.ts';

const decoded: DecodedMessage = {
  kind: 'message',
  route: 'direct',
  peer: 'romeo@montague.lit',
  outgoing: false,
  from: 'romeo@montague.lit/orchard',
  to: 'juliet@capulet.lit',
  id: 'm1',
  originId: 'o1',
  stanzaId: 's1',
  delayedAt: Date.parse('2999-01-01T00:00:00Z'),
  body: 'hi',
  receiptRequested: false,
};

test('the store gets the origin-id, the archive’s id, and a time that is not in the future', () => {
  expect(arrivalOf(decoded, 5_000)).toEqual({
    chat: 'romeo@montague.lit',
    outgoing: false,
    body: 'hi',
    at: 5_000,
    messageId: 'o1',
    stanzaId: 's1',
  });
});

test('what carries no text does not arrive', () => {
  const { body: _, ...silent } = decoded;
  expect(arrivalOf({ ...silent, chatState: 'composing' }, 5_000)).toBeUndefined();
});
