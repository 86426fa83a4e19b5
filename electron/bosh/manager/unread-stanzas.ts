/**
 * What becomes of stanzas that a client never fetched (XEP-0206 §8): their senders are told, where anyone waits for
 * an answer. Called when a session runs out.
 */
import { Element } from '@xmpp/xml';
import { NS_CLIENT } from '../protocol/namespaces.ts';
import { readXml } from '../protocol/xml-reader.ts';

const NS_STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

/**
 * Which unread stanzas are answered with an error. `requests`: IQ requests alone, for servers that archive
 * messages (XEP-0313), where the client finds them later; `all`: messages too.
 */
export type ReturnUnread = 'requests' | 'all';

/** The error to send back for an unread stanza, as XML; undefined where there is none to send. */
export function unreadError(xml: string, which: ReturnUnread): string | undefined {
  const stanza = parse(xml);
  if (!stanza?.attrs.from) return undefined;
  const { id, from, to, type } = stanza.attrs as Record<string, string | undefined>;
  const isRequest = stanza.name === 'iq' && (type === 'get' || type === 'set');
  const isMessage =
    stanza.name === 'message' &&
    (type === undefined || type === 'normal' || type === 'chat') &&
    stanza.getChild('body') !== undefined;
  if (!isRequest && !(isMessage && which === 'all')) return undefined;
  const condition = isRequest ? 'service-unavailable' : 'recipient-unavailable';
  const answer = new Element(stanza.name, {
    xmlns: NS_CLIENT,
    type: 'error',
    id,
    to: from,
    from: to,
  });
  answer.c('error', { type: isRequest ? 'cancel' : 'wait' }).c(condition, { xmlns: NS_STANZAS });
  return answer.toString();
}

/** A server's stanza is well-formed; what is none is none of ours to answer. */
function parse(xml: string): Element | undefined {
  try {
    return readXml(xml).root;
  } catch {
    return undefined;
  }
}
