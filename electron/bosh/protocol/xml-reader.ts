/**
 * Reads one XML document from a stranger into elements, strictly and within bounds: no DTD, no entities of
 * its own, no comments, no processing instructions (XEP-0124 §6, RFC 6120 §11.1). Used by the body codec.
 */
import { Element } from '@xmpp/xml';
import { SaxesParser } from 'saxes';

/** What a document may not exceed. */
export interface XmlLimits {
  /** UTF-16 units in the whole document. */
  readonly length: number;
  readonly depth: number;
  /** On one element. */
  readonly attributes: number;
  /** Elements in the whole document. */
  readonly elements: number;
}

/** Generous for any stanza a server lets through, far below what could exhaust a process. */
export const DEFAULT_XML_LIMITS: XmlLimits = {
  length: 16 * 1024 * 1024,
  depth: 128,
  attributes: 256,
  elements: 200_000,
};

/** Why a document was refused. */
export type XmlFault = 'not-well-formed' | 'restricted-xml' | 'too-large';

export class XmlError extends Error {
  readonly fault: XmlFault;

  constructor(fault: XmlFault, message: string) {
    super(message);
    this.name = 'XmlError';
    this.fault = fault;
  }
}

export interface XmlDocument {
  readonly root: Element;
  /** The text between the root's start tag and its end tag, exactly as it came. */
  readonly inner: string;
}

/** @throws {XmlError} */
export function readXml(text: string, limits: XmlLimits = DEFAULT_XML_LIMITS): XmlDocument {
  if (text.length > limits.length) throw new XmlError('too-large', 'document too long');
  // XML 1.1 lets control characters through that no later reading as 1.0 would take.
  const parser = new SaxesParser({
    forceXMLVersion: true,
    defaultXMLVersion: '1.0',
    position: false,
  });
  let root: Element | undefined;
  let cursor: Element | undefined;
  let depth = 0;
  let elements = 0;
  let attributes = 0;
  let innerStart = 0;
  let innerEnd = 0;
  const refuse = (what: string) => {
    throw new XmlError('restricted-xml', `${what} not allowed`);
  };

  parser.on('error', (error) => {
    throw new XmlError('not-well-formed', error.message);
  });
  parser.on('doctype', () => refuse('document type'));
  parser.on('comment', () => refuse('comment'));
  parser.on('processinginstruction', () => refuse('processing instruction'));
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > limits.attributes) throw new XmlError('too-large', 'too many attributes');
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    depth += 1;
    attributes = 0;
    if (elements > limits.elements) throw new XmlError('too-large', 'too many elements');
    if (depth > limits.depth) throw new XmlError('too-large', 'nested too deep');
    const element = new Element(tag.name, tag.attributes);
    if (cursor) {
      cursor.cnode(element);
    } else {
      root = element;
      innerStart = parser.position;
    }
    cursor = element;
  });
  parser.on('closetag', () => {
    depth -= 1;
    if (depth === 0) innerEnd = Math.max(innerStart, text.lastIndexOf('<', parser.position - 1));
    cursor = cursor?.parent ?? undefined;
  });
  parser.on('text', (content) => cursor?.t(content));
  parser.on('cdata', (content) => cursor?.t(content));

  parser.write(text).close();
  if (!root) throw new XmlError('not-well-formed', 'no element');
  return { root, inner: text.slice(innerStart, innerEnd) };
}
