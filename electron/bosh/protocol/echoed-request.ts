/**
 * ejabberd answers a copy of a request that it still held with the copy itself, where it has nothing to say.
 * Told apart here by the session, since taken for an answer it would be stanzas that nobody sent.
 */
import type { Element } from '@xmpp/xml';
import { type DecodedBody, decodeBody } from './body.ts';

/** Whether an answer is the request it answers, written anew: with its `rid`, and the same payload. */
export function isEcho(answer: DecodedBody, request: string): boolean {
  // No answer of its own has a rid; one with something to say may have got the copy's attributes too.
  if (answer.attributes.rid === undefined) return false;
  return isSameList(answer.payload, decodeBody(request).payload);
}

type Node = Element | string;

function isSameList(some: readonly Node[], others: readonly Node[]): boolean {
  return (
    some.length === others.length &&
    some.every((node, index) => {
      const other = others[index];
      return other !== undefined && isSame(node, other);
    })
  );
}

function isSame(one: Node, other: Node): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  const names = Object.keys(one.attrs);
  return (
    one.name === other.name &&
    names.length === Object.keys(other.attrs).length &&
    names.every((name) => one.attrs[name] === other.attrs[name]) &&
    isSameList(one.children as Node[], other.children as Node[])
  );
}
