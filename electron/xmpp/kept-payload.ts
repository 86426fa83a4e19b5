/**
 * Reading what a session left behind: payloads received, journalled, and not yet processed when it was lost,
 * and its last requests. The host takes messages in from the first before it signs in anew, and
 * counts the stanzas in both.
 */
import type { Element } from '@xmpp/xml';
import { decodeBody, decodePayload } from '../bosh/protocol/body.ts';
import { isStanza, type SentStanza } from './extensions/stream-management.ts';

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

/** How many stanzas are in a request. */
export function countInRequest({ body }: { readonly body: string }): number {
  return decodeBody(body).payload.filter(isStanza).length;
}

/** The stanzas of a kept request, in order; `through` is the stream's count with them. */
export function sentStanzas(request: {
  readonly body: string;
  readonly messageIds: readonly string[];
  readonly through: number;
}): readonly SentStanza[] {
  const stanzas = decodeBody(request.body).payload.filter(isStanza);
  return stanzas.map((stanza, index) => {
    const number = request.through - stanzas.length + 1 + index;
    const { id } = stanza.attrs;
    const isOurs = stanza.name === 'message' && request.messageIds.includes(id);
    return isOurs ? { stanza, number, messageId: id } : { stanza, number };
  });
}
