/**
 * Reading what a session left behind: payloads received, journalled, and not yet processed when it was lost,
 * and requests that were not answered. The host takes messages in from the first before it signs in anew, and
 * counts the stanzas in both.
 */
import type { Element } from '@xmpp/xml';
import { decodeBody, decodePayload } from '../bosh/protocol/body.ts';
import { isStanza, type UnansweredStanza } from './extensions/stream-management.ts';

/** The elements of a kept payload; none where it cannot be read. */
export function stanzasOf(payload: string): readonly Element[] {
  try {
    return decodePayload(payload);
  } catch {
    return [];
  }
}

/** How many stanzas are in a kept payload, as stream management counts them (XEP-0198 §1). */
export function countStanzas(payload: string): number {
  return stanzasOf(payload).filter(isStanza).length;
}

/** The stanzas of a kept request, in order. */
export function stanzasOfRequest(request: {
  readonly body: string;
  readonly messageIds: readonly string[];
}): readonly UnansweredStanza[] {
  return decodeBody(request.body)
    .payload.filter(isStanza)
    .map((stanza) => {
      const { id } = stanza.attrs;
      const isOurs = stanza.name === 'message' && request.messageIds.includes(id);
      return isOurs ? { stanza, messageId: id } : { stanza };
    });
}
