/**
 * Reading stanzas that others wrote: bounded, and checked for who sent them. Used by every extension.
 */
import type { Element } from '@xmpp/xml';
import { bareJid, parseJid } from '../../../shared/jid.ts';

/** An identifier longer than this is treated as absent: no honest software makes one. */
const LONGEST_ID = 1_023;

/** The value of an attribute, or undefined where it is absent, empty or longer than `longest` UTF-16 units. */
export function attribute(
  element: Element,
  name: string,
  longest: number = LONGEST_ID,
): string | undefined {
  const value: unknown = element.attrs[name];
  return typeof value === 'string' && value.length > 0 && value.length <= longest
    ? value
    : undefined;
}

/** An attribute that is an address (RFC 7622); undefined where it is absent or not one. */
export function address(element: Element, name: 'from' | 'to' | 'jid' | 'by'): string | undefined {
  const value = attribute(element, name, 3_071);
  return value !== undefined && parseJid(value) ? value : undefined;
}

/**
 * True where our own server speaks for our own account: no `from` at all, or exactly our bare JID
 * (RFC 6120 §8.1.2.1). Roster pushes, carbons and archive results count from nobody else.
 */
export function isFromOwnAccount(stanza: Element, account: string): boolean {
  const from: unknown = stanza.attrs.from;
  if (from === undefined) return true;
  if (typeof from !== 'string') return false;
  const parts = parseJid(from);
  return parts !== undefined && parts.resource === undefined && bareJid(from) === account;
}

/** Text cut to at most `longest` UTF-16 units, never through the middle of a character. */
export function bounded(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest);
  return /[\uD800-\uDBFF]$/u.test(cut) ? cut.slice(0, -1) : cut;
}

/** The trimmed text of a child, cut to `longest`; undefined where the child is absent or blank. */
export function childText(
  element: Element,
  name: string,
  namespace: string | undefined,
  longest: number,
): string | undefined {
  const text = element.getChild(name, namespace)?.getText().trim();
  return text ? bounded(text, longest) : undefined;
}
