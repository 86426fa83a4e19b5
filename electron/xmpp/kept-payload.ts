/**
 * Reading payloads that a session left behind: received, journalled, and not yet processed when it was
 * lost. The host takes their messages in before it signs in anew.
 */
import type { Element } from '@xmpp/xml';
import { decodePayload } from '../bosh/protocol/body.ts';

/** The stanzas of a kept payload; none where it cannot be read. */
export function stanzasOf(payload: string): readonly Element[] {
  try {
    return decodePayload(payload);
  } catch {
    return [];
  }
}
