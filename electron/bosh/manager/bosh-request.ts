/**
 * A client's request as the manager reads it (XEP-0124 §6 and §7.1, XEP-0206 §5): the `<body/>`, bounded and
 * strict, and what its attributes ask for. The connection manager calls it for every request.
 */
import { hash } from 'node:crypto';
import { BodyError, decodeBody } from '../protocol/body.ts';
import { NS_XBOSH } from '../protocol/namespaces.ts';
import { MAX_RID } from '../protocol/rid.ts';
import type { XmlLimits } from '../protocol/xml-reader.ts';

/** What a request is for; decides how it is answered. */
export type RequestKind =
  /** Asks for a session: it has no sid. */
  | 'create'
  | 'restart'
  | 'pause'
  | 'terminate'
  /** Has a `to` and nothing else: asks for another stream, where the manager offers any (XEP-0124 §16.3). */
  | 'add-stream'
  | 'payload'
  | 'empty';

export interface BoshRequest {
  readonly kind: RequestKind;
  readonly rid: number;
  /** Absent in a session creation request. */
  readonly sid: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** The payloads as XML that means the same in a stream; '' where there are none. */
  readonly payload: string;
  /** In s, of a request of the kind `pause`. */
  readonly pause: number;
  /** The major and minor version in `xmpp:version`, where it has one. */
  readonly xmppVersion: string | undefined;
  /** Of the whole request, in UTF-16 units. */
  readonly length: number;
  /** Tells an exact copy of it from any other request of its rid. */
  readonly digest: string;
}

/** A request that is no request of BOSH. */
export class BadRequest extends Error {
  /** What its body says, where it is one. */
  readonly attributes: BoshRequest['attributes'] | undefined;

  /** @param message says in English what is wrong, for an administrator. */
  constructor(message: string, attributes?: BoshRequest['attributes'], options?: ErrorOptions) {
    super(message, options);
    this.name = 'BadRequest';
    this.attributes = attributes;
  }
}

/** No text that a session keeps is longer than this many UTF-16 units. */
const LONGEST_ATTRIBUTE = 2_048;

/** @throws {BadRequest} */
export function readRequest(text: string, limits: XmlLimits): BoshRequest {
  const { attributes, payloadText } = decode(text, limits);
  const bad = (message: string) => new BadRequest(message, attributes);
  for (const value of Object.values(attributes)) {
    if (value.length > LONGEST_ATTRIBUTE) throw bad('an attribute is too long');
  }
  const { sid, pause } = attributes;
  const rid = wholeNumber(attributes.rid, MAX_RID);
  if (rid === undefined || rid === 0) throw bad('rid is missing or no positive number');
  if (sid === '') throw bad('sid is empty');
  const seconds = pause === undefined ? 0 : wholeNumber(pause, 65_535);
  if (seconds === undefined) throw bad('pause is no number of seconds');
  const xbosh = xboshAttributes(attributes);
  return {
    kind: kindOf(attributes, payloadText, isTrue(xbosh.restart)),
    ...{ rid, sid, attributes, payload: payloadText, pause: seconds },
    xmppVersion: xbosh.version,
    length: text.length,
    digest: hash('sha256', text, 'base64'),
  };
}

/** A sid is among the first attributes, so it is looked for no further than this, in UTF-16 units. */
const HEAD = 4_096;
const HEAD_START = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?<[\w.:-]+/u;
const HEAD_ATTRIBUTE = /\s+([\w.:-]+)\s*=\s*(?:'([^']*)'|"([^"]*)")/uy;

/**
 * The sid a text has in its first tag, found without reading it whole: so that a long text for no session costs
 * nothing. Undefined where it has none there.
 */
export function sidOf(text: string): string | undefined {
  const head = text.slice(0, HEAD);
  HEAD_ATTRIBUTE.lastIndex = HEAD_START.exec(head)?.[0].length ?? HEAD;
  for (let found = HEAD_ATTRIBUTE.exec(head); found; found = HEAD_ATTRIBUTE.exec(head)) {
    if (found[1] === 'sid') return found[2] ?? found[3];
  }
  return undefined;
}

/** A whole number from 0 to `most`, as the schema's integer types are written; undefined where it is none. */
export function wholeNumber(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^\s*\+?\d{1,16}\s*$/u.test(text)) return undefined;
  const number = Number(text);
  return number <= most ? number : undefined;
}

function decode(text: string, limits: XmlLimits) {
  try {
    return decodeBody(text, limits);
  } catch (error) {
    if (error instanceof BodyError)
      throw new BadRequest(error.message, undefined, { cause: error });
    throw error;
  }
}

function kindOf(
  attributes: Readonly<Record<string, string>>,
  payload: string,
  restarts: boolean,
): RequestKind {
  if (attributes.sid === undefined) return 'create';
  if (attributes.type === 'terminate') return 'terminate';
  if (restarts) return 'restart';
  if (attributes.pause !== undefined) return 'pause';
  if (payload !== '') return 'payload';
  return attributes.to === undefined ? 'empty' : 'add-stream';
}

/** The attributes of XEP-0206, whatever prefix the client declared for their namespace. */
function xboshAttributes(
  attributes: Readonly<Record<string, string>>,
): Readonly<Record<'restart' | 'version', string | undefined>> {
  const found: Record<string, string | undefined> = {};
  for (const name in attributes) {
    const [prefix = '', local] = name.split(':');
    if (local === undefined || attributes[`xmlns:${prefix}`] !== NS_XBOSH) continue;
    found[local] = attributes[name];
  }
  return { restart: found.restart, version: found.version };
}

/** XML Schema's boolean. */
function isTrue(text: string | undefined): boolean {
  return text === 'true' || text === '1';
}
