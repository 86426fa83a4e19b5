/** Stanzas as the server inside the app handles them: made, copied, and sent back where nobody takes them. */
import xml, { Element } from '@xmpp/xml';
import { NS_CLIENT } from '../../bosh/protocol/namespaces.ts';

const NS_STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

type Attributes = Readonly<Record<string, string | undefined>>;

/** A stanza that means the same wherever it is put, inside another stanza included. */
export function stanza(
  name: 'message' | 'presence' | 'iq',
  attributes: Attributes,
  ...children: readonly (Element | string)[]
): Element {
  return xml(name, { xmlns: NS_CLIENT, ...attributes }, ...children);
}

/** A deep copy, with these attributes changed. */
export function copyOf(element: Element, attributes: Attributes = {}): Element {
  const copy = new Element(element.name, { ...element.attrs, ...attributes });
  for (const child of element.children) {
    copy.append(typeof child === 'string' ? child : copyOf(child));
  }
  return copy;
}

/** An IQ that has to be answered (RFC 6120 §8.2.3). */
export function isRequest(element: Element): boolean {
  return element.name === 'iq' && (element.attrs.type === 'get' || element.attrs.type === 'set');
}

/** The answer to a request that was carried out. */
export function resultOf(request: Element, child?: Element): Element {
  const { id, from, to } = request.attrs;
  const answer = stanza('iq', { type: 'result', id, from: to, to: from });
  if (child) answer.append(child);
  return answer;
}

/** How a refusal can be mended (RFC 6120 §8.3.2). */
export type ErrorType = 'auth' | 'cancel' | 'modify' | 'wait';

/**
 * A stanza sent back to who sent it.
 * @param condition a defined condition of RFC 6120 §8.3.3
 */
export function errorOf(refused: Element, condition: string, type: ErrorType = 'cancel'): Element {
  const { id, from, to } = refused.attrs;
  const error = xml('error', { type }, xml(condition, { xmlns: NS_STANZAS }));
  return new Element(refused.name, { xmlns: NS_CLIENT, type: 'error', id, from: to, to: from })
    .cnode(error)
    .up();
}

/** Whether its sender hears that nobody took it: never for what is an answer or an error itself (RFC 6120 §8.3.1). */
export function mayComeBack(element: Element): boolean {
  const { type } = element.attrs;
  return isRequest(element) || (element.name === 'message' && type !== 'error');
}
