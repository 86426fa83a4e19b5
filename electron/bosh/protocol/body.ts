/**
 * The `<body/>` wrapper (XEP-0124 §6): written for requests, read from answers. Used by the session; the
 * text written for a rid is a function of what it is given, so that a repeat is byte for byte the same.
 */
import { Element } from '@xmpp/xml';
import { escapeAttribute } from './escape.ts';
import { NS_CLIENT, NS_HTTPBIND, NS_STREAM, NS_XBOSH } from './namespaces.ts';
import {
  DEFAULT_XML_LIMITS,
  readXml,
  XmlError,
  type XmlFault,
  type XmlLimits,
} from './xml-reader.ts';

export type BodyAttributes = Readonly<Record<string, string | number | undefined>>;

/**
 * Writes a `<body/>`.
 * @param payload well-formed XML, already free of what {@link cleanPayload} removes.
 */
export function encodeBody(attributes: BodyAttributes, payload: string): string {
  let head = '<body';
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) head += ` ${name}='${escapeAttribute(String(value))}'`;
  }
  head += ` xmlns='${NS_HTTPBIND}'`;
  return payload === '' ? `${head}/>` : `${head}>${payload}</body>`;
}

/** Attributes that a request needs besides `rid` and `sid` when it speaks of XMPP (XEP-0206). */
export const XBOSH_PREFIX = { 'xmlns:xmpp': NS_XBOSH } as const;

const EMPTY_SID = " sid=''";

/** The text to keep on disk: the sid, a secret, left out. */
export function withoutSid(body: string, sid: string): string {
  return body.replace(` sid='${escapeAttribute(sid)}'`, () => EMPTY_SID);
}

/** The text as it goes over the wire, from what {@link withoutSid} made. */
export function withSid(body: string, sid: string): string {
  return body.replace(EMPTY_SID, () => ` sid='${escapeAttribute(sid)}'`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 §2.2 forbids
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gu;

/** Removes the characters no XML document may hold (XML 1.0 §2.2), which a person can paste but no server takes. */
export function cleanPayload(payload: string): string {
  return payload.toWellFormed().replace(FORBIDDEN, '');
}

/** An answer's `<body/>`. */
export interface DecodedBody {
  readonly attributes: Readonly<Record<string, string>>;
  /** Its children, each with its parent kept so that namespaces resolve. */
  readonly payload: readonly Element[];
  /** The same children as text, for {@link decodePayload}: as they came; '' where there are none. */
  readonly payloadText: string;
  readonly root: Element;
}

/** Why text is not a `<body/>` of XEP-0124. */
export type BodyFault = XmlFault | 'wrong-root' | 'wrong-namespace' | 'stray-text';

export class BodyError extends Error {
  readonly fault: BodyFault;

  constructor(fault: BodyFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BodyError';
    this.fault = fault;
  }
}

/** True where text begins like a `<body/>`: the manager is speaking, well or badly, and no stranger. */
export function looksLikeBody(text: string): boolean {
  return (
    /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?<(?:[\w.-]+:)?body[\s/>]/u.test(text.slice(0, 512)) &&
    text.slice(0, 4096).includes(NS_HTTPBIND)
  );
}

/** @throws {BodyError} */
export function decodeBody(text: string, limits?: XmlLimits): DecodedBody {
  return decodeEmptyBody(text) ?? decodeAnyBody(text, limits);
}

/** No character in it that is forbidden, or read as another. */
const EMPTY_BODY =
  /^<body((?: [a-z:]+=(?:'[^'<&\p{Cc}\p{Cs}\p{Cn}]*'|"[^"<&\p{Cc}\p{Cs}\p{Cn}]*"))*) ?(?:\/>|><\/body>)$/u;

const ATTRIBUTE = / ([a-z:]+)=(?:'([^']*)'|"([^"]*)")/gu;

/**
 * The answer that is read most often, a `<body/>` with nothing in it, without the cost of a parser. Undefined
 * for all else, anything that needs a second look included.
 */
function decodeEmptyBody(text: string): DecodedBody | undefined {
  const written = text.length < 1_024 ? EMPTY_BODY.exec(text)?.[1] : undefined;
  if (written === undefined) return undefined;
  const attributes: Record<string, string> = {};
  for (const [, name = '', single, double] of written.matchAll(ATTRIBUTE)) {
    if (name in attributes) return undefined;
    attributes[name] = single ?? double ?? '';
  }
  if (attributes.xmlns !== NS_HTTPBIND) return undefined;
  return { attributes, payload: [], payloadText: '', root: new Element('body', attributes) };
}

function decodeAnyBody(text: string, limits?: XmlLimits): DecodedBody {
  const { root, inner } = read(text, limits);
  if (root.getName() !== 'body') throw new BodyError('wrong-root', `<${root.name}/> is no <body/>`);
  if (root.getNS() !== NS_HTTPBIND)
    throw new BodyError('wrong-namespace', 'body of another namespace');
  if (root.children.some((child) => typeof child === 'string' && /[^\t\n\r ]/u.test(child)))
    throw new BodyError('stray-text', 'text between the payloads');
  const payload = elementsOf(root);
  if (payload.length > 0) declare(root);
  return {
    attributes: root.attrs as Record<string, string>,
    payload,
    payloadText: payload.length === 0 ? '' : selfContained(root, payload, inner),
    root,
  };
}

/** What {@link decodePayload} declares. Text kept in the journal may use it and nothing else from outside. */
const DECLARED: Readonly<Record<string, string>> = {
  xmlns: NS_HTTPBIND,
  'xmlns:stream': NS_STREAM,
  'xmlns:xmpp': NS_XBOSH,
};

/** The elements of a payload kept by {@link DecodedBody.payloadText}. @throws {BodyError} */
export function decodePayload(payloadText: string): readonly Element[] {
  const declarations = Object.entries(DECLARED).map(([name, value]) => `${name}='${value}'`);
  const text = `<body ${declarations.join(' ')}>${payloadText}</body>`;
  // It was measured when it came; the wrapper it has here may be longer.
  return elementsOf(read(text, { ...DEFAULT_XML_LIMITS, length: text.length }).root);
}

function read(text: string, limits?: XmlLimits) {
  try {
    return readXml(text.replace(/^\uFEFF/u, ''), limits);
  } catch (error) {
    if (error instanceof XmlError)
      throw new BodyError(error.fault, error.message, { cause: error });
    throw error;
  }
}

function elementsOf(root: Element): readonly Element[] {
  const elements = root.children.filter((child): child is Element => typeof child !== 'string');
  for (const element of elements) adopt(element);
  return elements;
}

/** Declared or not, these prefixes mean this: read now or again from the journal, a payload is the same. */
function declare(root: Element): void {
  for (const [name, value] of Object.entries(DECLARED)) root.attrs[name] ??= value;
}

/** Some managers leave `xmlns='jabber:client'` out of stanzas (XEP-0206 §2 tells of it). */
function adopt(child: Element): void {
  const stanza = child.name === 'message' || child.name === 'presence' || child.name === 'iq';
  if (stanza && child.attrs.xmlns === undefined) child.attrs.xmlns = NS_CLIENT;
}

/** The payload as it came; where the body declares namespaces of its own, with these on each element. */
function selfContained(root: Element, payload: readonly Element[], inner: string): string {
  const declared = Object.entries(root.attrs as Record<string, string>).filter(
    ([name, value]) => /^xmlns(?::|$)/u.test(name) && DECLARED[name] !== value,
  );
  if (declared.length === 0) return inner;
  for (const element of payload) {
    for (const [name, value] of declared) element.attrs[name] ??= value;
  }
  return payload.join('');
}
