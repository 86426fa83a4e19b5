/**
 * What a request or an answer holds for somebody who looks on: its stanzas one by one, the `<body/>` itself where
 * it says something, and in place of a stranger's page its beginning. Pure; the host's XML console calls it.
 */
import { Element } from '@xmpp/xml';
import { redactText } from '../../../shared/redact.ts';
import type { XmlKind } from '../../../shared/xml-console.ts';
import { BodyError, decodeBody } from '../../bosh/protocol/body.ts';

export interface WireElement {
  readonly kind: XmlKind;
  /** Not redacted yet; absent for what is no XML of ours. */
  readonly element?: Element;
  /** Free of secrets. */
  readonly text?: string;
}

/** Attributes of a `<body/>` that every request has. */
const USUAL = new Set([
  'rid',
  'sid',
  'ack',
  'xmlns',
  'xmlns:xmpp',
  'xmlns:stream',
  'key',
  'newkey',
]);
/** How much of a page that somebody else sent is shown, in characters. */
const MOST_OF_A_PAGE = 600;

/** @param status of the answer, where it is one */
export function wireElements(text: string, status?: number): WireElement[] {
  try {
    const { root, payload } = decodeBody(text);
    const says = Object.keys(root.attrs).some((name) => !USUAL.has(name));
    if (payload.length === 0)
      return [{ kind: says ? 'stream' : 'empty', element: withoutChildren(root) }];
    return [
      ...(says ? [{ kind: 'stream', element: withoutChildren(root) } as const] : []),
      ...payload.map((element) => ({ kind: kindOf(element), element })),
    ];
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
    const head = status === undefined ? 'Not a <body/>' : `HTTP ${status}, and no <body/>`;
    const beginning = redactText(text.slice(0, MOST_OF_A_PAGE));
    return [{ kind: 'stream', text: beginning === '' ? head : `${head}:\n${beginning}` }];
  }
}

function kindOf(element: Element): XmlKind {
  const name = element.getName();
  return name === 'message' || name === 'presence' || name === 'iq' ? name : 'stream';
}

function withoutChildren(root: Element): Element {
  return new Element(root.name, { ...root.attrs });
}
