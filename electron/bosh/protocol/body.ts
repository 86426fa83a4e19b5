/**
 * The `<body/>` wrapper (XEP-0124 §5): written for requests, read from answers. Used by the session; the
 * text written for a rid is a function of what it is given, so that a repeat is byte for byte the same.
 */
import type { Element } from '@xmpp/xml';
import { NS_CLIENT, NS_HTTPBIND, NS_STREAM, NS_XBOSH } from './namespaces.ts';
import { readXml, XmlError, type XmlFault, type XmlLimits } from './xml-reader.ts';

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
  /** The same children as they came; '' where there are none. */
  readonly payloadText: string;
  readonly root: Element;
}

/** Why text is not a `<body/>` of XEP-0124. */
export type BodyFault = XmlFault | 'wrong-root' | 'wrong-namespace';

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
    /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?<body[\s/>]/u.test(text.slice(0, 512)) &&
    text.slice(0, 4096).includes(NS_HTTPBIND)
  );
}

/** @throws {BodyError} */
export function decodeBody(text: string, limits?: XmlLimits): DecodedBody {
  const { root, inner } = read(text, limits);
  if (root.getName() !== 'body') throw new BodyError('wrong-root', `<${root.name}/> is no <body/>`);
  if (root.getNS() !== NS_HTTPBIND)
    throw new BodyError('wrong-namespace', 'body of another namespace');
  const payload = root.children.filter((child): child is Element => typeof child !== 'string');
  for (const child of payload) adopt(child);
  return {
    attributes: root.attrs as Record<string, string>,
    payload,
    payloadText: payload.length === 0 ? '' : inner,
    root,
  };
}

/** The elements of a payload kept by {@link DecodedBody.payloadText}. @throws {BodyError} */
export function decodePayload(payloadText: string): readonly Element[] {
  const head = `<body xmlns='${NS_HTTPBIND}' xmlns:stream='${NS_STREAM}' xmlns:xmpp='${NS_XBOSH}'>`;
  return decodeBody(`${head}${payloadText}</body>`).payload;
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

/** Some managers leave `xmlns='jabber:client'` out of stanzas (XEP-0206 §3 lets a client accept that). */
function adopt(child: Element): void {
  const stanza = child.name === 'message' || child.name === 'presence' || child.name === 'iq';
  if (stanza && child.attrs.xmlns === undefined) child.attrs.xmlns = NS_CLIENT;
}

function escapeAttribute(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll("'", '&apos;')
    .replaceAll('"', '&quot;');
}
