/** XEP-0059 Result Set Management: which page of a long list. Used by `archive.ts`. */
import xml, { type Element } from '@xmpp/xml';
import { childText } from './stanza.ts';

const NAMESPACE = 'http://jabber.org/protocol/rsm';

/** Which page to ask for: the first, the one after an id, or (`before`) the one ending before an id or at the end. */
export interface PageRequest {
  readonly max: number;
  readonly after?: string;
  /** Empty text: the last page (§2.5). */
  readonly before?: string;
}

/** What an answer says about its page. */
export interface PageAnswer {
  readonly first?: string;
  readonly last?: string;
}

/** The `<set/>` of a request. */
export function pageRequest({ max, after, before }: PageRequest): Element {
  const set = xml('set', { xmlns: NAMESPACE }, xml('max', {}, String(max)));
  if (after !== undefined) set.append(xml('after', {}, after));
  if (before !== undefined) set.append(before === '' ? xml('before') : xml('before', {}, before));
  return set;
}

/** Reads the `<set/>` of an answer; all absent where there is none. */
export function pageAnswerIn(element: Element): PageAnswer {
  const set = element.getChild('set', NAMESPACE);
  if (!set) return {};
  const first = childText(set, 'first', NAMESPACE, 1_023);
  const last = childText(set, 'last', NAMESPACE, 1_023);
  return { ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }) };
}
