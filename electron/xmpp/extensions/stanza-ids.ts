/** XEP-0359 Unique and Stable Stanza IDs: the sender's origin-id and our archive's stanza-id. */
import xml, { type Element } from '@xmpp/xml';
import { bareJid } from '../../../shared/jid.ts';
import { address, attribute } from './stanza.ts';

const NAMESPACE = 'urn:xmpp:sid:0';

/** The id its sender minted (§3.2). It is the sender's word only: never a reference by itself. */
export function originIdOf(message: Element): string | undefined {
  const origin = message.getChild('origin-id', NAMESPACE);
  return origin && attribute(origin, 'id');
}

/**
 * The id our own archive gave it (§3.1, §5): only where `by` is exactly our own bare JID, and only
 * where there is one such id. Whether it can be believed at all is for the caller to know: the server
 * has to announce `urn:xmpp:sid:0` or `urn:xmpp:mam:2`, or else nobody removes a forged one.
 */
export function stanzaIdOf(message: Element, account: string): string | undefined {
  const ours = message.getChildren('stanza-id', NAMESPACE).filter((stanzaId) => {
    const by = address(stanzaId, 'by');
    return by !== undefined && !by.includes('/') && bareJid(by) === account;
  });
  const [only] = ours;
  return only && ours.length === 1 ? attribute(only, 'id') : undefined;
}

/** The `<origin-id/>` of a message we send; the same as its `id` attribute. */
export function originId(id: string): Element {
  return xml('origin-id', { xmlns: NAMESPACE, id });
}
