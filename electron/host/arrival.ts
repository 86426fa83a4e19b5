/** From a decoded message to the record the store takes; used by the way in for messages. */
import type { ArrivedMessage } from '../store/store.ts';
import type { DecodedMessage } from '../xmpp/extensions/decoded-message.ts';

/** The part a person reads, as the store takes it; undefined where there is no text. `now` in epoch ms. */
export function arrivalOf(message: DecodedMessage, now: number): ArrivedMessage | undefined {
  if (message.body === undefined) return undefined;
  const messageId = message.originId ?? message.id;
  return {
    chat: message.peer,
    outgoing: message.outgoing,
    body: message.body,
    // No message comes from the future, whatever its stamp says.
    at: Math.min(message.delayedAt ?? now, now),
    ...(messageId === undefined ? {} : { messageId }),
    ...(message.stanzaId === undefined ? {} : { stanzaId: message.stanzaId }),
  };
}
