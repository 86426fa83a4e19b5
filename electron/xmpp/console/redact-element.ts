/**
 * Takes out of an element what must never be shown: passwords and tokens, SASL's payloads, and whatever lets
 * somebody take over a session or a stream; and on request, who people are and what they say. Pure.
 */
import { Element } from '@xmpp/xml';
import { redactJid } from '../../../shared/redact.ts';

const HIDDEN = '[hidden]';

/** Where text is a secret, whatever the element. */
const SECRET_NAMESPACES = new Set([
  'urn:ietf:params:xml:ns:xmpp-sasl',
  'urn:xmpp:sasl:2',
  'urn:xmpp:fast:0',
  'jabber:iq:auth',
]);
/** Elements of those namespaces whose text only names something. */
const OPEN_ELEMENTS = new Set(['mechanism', 'username', 'resource', 'software', 'device', 'text']);

/** Elements whose text is a secret wherever they stand. */
const SECRET_ELEMENTS = new Set([
  'password',
  'digest',
  'token',
  'secret',
  'initial-response',
  'additional-data',
]);

/** Attributes that are a secret wherever they stand: BOSH's, FAST's, the resumption id of XEP-0198. */
const SECRET_ATTRIBUTES = new Set([
  'sid',
  'authid',
  'key',
  'newkey',
  'previd',
  'password',
  'token',
  'secret',
]);

const NS_MANAGEMENT = 'urn:xmpp:sm:3';
const NS_FORM = 'jabber:x:data';
const SECRET_FIELD = /pass(word|phrase)|secret|token/iu;
/** Headers that upload slots ask to be sent along (XEP-0363 §4). */
const SECRET_HEADERS = new Set(['authorization', 'cookie']);

/** Attributes that say who somebody is. */
const ADDRESSES = new Set(['to', 'from', 'jid', 'by', 'with']);
/** Text in these is the server's, and says nothing of people. */
const PUBLIC_NAMESPACES = new Set([
  ...SECRET_NAMESPACES,
  'http://etherx.jabber.org/streams',
  'urn:ietf:params:xml:ns:xmpp-streams',
  'urn:ietf:params:xml:ns:xmpp-stanzas',
  'http://jabber.org/protocol/disco#info',
]);

/** @param discreet people's addresses are shortened and what they say is left out */
export function redactElement(element: Element, discreet: boolean): Element {
  const name = element.getName();
  const namespace = element.getNS() ?? '';
  const attributes = Object.entries(element.attrs as Record<string, unknown>).map(
    ([attribute, value]) => [
      attribute,
      attributeValue(element, attribute, String(value), discreet),
    ],
  );
  const isSecret = hidesText(element, name, namespace);
  const copy = new Element(element.name, Object.fromEntries(attributes));
  for (const child of element.children) {
    if (typeof child !== 'string') copy.append(redactElement(child as Element, discreet));
    else if (child.trim() === '') copy.append(child);
    else copy.append(isSecret ? HIDDEN : discreet ? quiet(child, namespace) : child);
  }
  return copy;
}

function attributeValue(
  element: Element,
  attribute: string,
  value: string,
  discreet: boolean,
): string {
  if (SECRET_ATTRIBUTES.has(attribute)) return HIDDEN;
  if (attribute === 'id' && element.is('enabled', NS_MANAGEMENT)) return HIDDEN;
  if (attribute === 'stream' && element.getName() === 'body') return HIDDEN;
  return discreet && ADDRESSES.has(attribute) ? redactJid(value) : value;
}

function hidesText(element: Element, name: string, namespace: string): boolean {
  if (SECRET_NAMESPACES.has(namespace)) return !OPEN_ELEMENTS.has(name);
  if (SECRET_ELEMENTS.has(name)) return true;
  if (name === 'header') return SECRET_HEADERS.has(String(element.attrs.name).toLowerCase());
  if (name !== 'value' || namespace !== NS_FORM) return false;
  const field = element.parent as Element | null;
  return field?.attrs.type === 'text-private' || SECRET_FIELD.test(String(field?.attrs.var ?? ''));
}

function quiet(text: string, namespace: string): string {
  return PUBLIC_NAMESPACES.has(namespace) ? text : `[${[...text].length} characters]`;
}
