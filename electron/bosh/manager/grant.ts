/** What a session is granted of what its client asked for (XEP-0124 §7.2). Pure; called once for each session. */
import { BadRequest, type BoshRequest, wholeNumber } from './bosh-request.ts';
import { isWritable } from './charset.ts';

/** The most, or least, that the manager grants. */
export interface SessionTerms {
  /** The longest a request is held, in s. */
  readonly wait: number;
  /** The most requests held at a time: one, since clients that ask for more may still have two connections only. */
  readonly hold: number;
  /** The shortest time between two empty requests, in s. */
  readonly polling: number;
  /** How long a client may be without a request before its session ends, in s. */
  readonly inactivity: number;
  /** The longest pause, in s. */
  readonly maxpause: number;
  /** The most streams in one session (XEP-0124 §16); 1: several are not offered. */
  readonly streams: number;
}

export const DEFAULT_TERMS: SessionTerms = {
  wait: 60,
  // Some clients ask for two and have two connections (stanza does): with both held they could not send.
  hold: 1,
  polling: 2,
  inactivity: 60,
  maxpause: 300,
  streams: 4,
};

/** The terms of one session. */
export interface Grant {
  readonly wait: number;
  readonly hold: number;
  readonly requests: number;
  readonly polling: number;
  readonly inactivity: number;
  readonly maxpause: number;
  readonly streams: number;
  /** Absent with a legacy client, which did not name one (XEP-0124 §17.1). */
  readonly ver: string | undefined;
  /** Both sides acknowledge (XEP-0124 §9). */
  readonly acks: boolean;
  /** The Content-Type of all answers. */
  readonly content: string;
}

/** The version of XEP-0124 that is spoken here. */
const VERSION = [1, 11] as const;

export const DEFAULT_CONTENT_TYPE = 'text/xml; charset=utf-8';

/** @throws {BadRequest} where an attribute is not what it must be. */
export function negotiate({ attributes }: BoshRequest, terms: SessionTerms): Grant {
  const wait = Math.min(numberOr(attributes, 'wait', 65_535, terms.wait), terms.wait);
  const hold = Math.min(numberOr(attributes, 'hold', 255, 1), terms.hold);
  const polls = wait === 0 || hold === 0;
  return {
    ...{ wait, hold },
    requests: hold + 1,
    polling: terms.polling,
    // Who polls is silent in between (XEP-0124 §12).
    inactivity: terms.inactivity + (polls ? 2 * terms.polling : 0),
    maxpause: terms.maxpause,
    streams: terms.streams,
    ver: versionOf(attributes.ver),
    acks: attributes.ack === '1',
    content: contentOf(attributes.content),
  };
}

function numberOr(
  attributes: BoshRequest['attributes'],
  name: string,
  most: number,
  otherwise: number,
): number {
  const text = attributes[name];
  const number = text === undefined ? otherwise : wholeNumber(text, most);
  if (number === undefined) throw new BadRequest(`${name} is no number up to ${most}`);
  return number;
}

/** The lower of the client's version and ours, its two parts taken as numbers. */
function versionOf(asked: string | undefined): string | undefined {
  if (asked === undefined) return undefined;
  const [, major, minor] = /^(\d{1,4})\.(\d{1,4})$/u.exec(asked) ?? [];
  if (major === undefined || minor === undefined) throw new BadRequest('ver is no version');
  const theirs = [Number(major), Number(minor)] as const;
  const isLower = theirs[0] < VERSION[0] || (theirs[0] === VERSION[0] && theirs[1] < VERSION[1]);
  return (isLower ? theirs : VERSION).join('.');
}

/** A media type as a header may hold it, and nothing that would end the header. */
function contentOf(asked: string | undefined): string {
  if (asked === undefined) return DEFAULT_CONTENT_TYPE;
  if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[\x20-\x7e]*)?$/u.test(asked) || asked.length > 200) {
    throw new BadRequest('content is no media type');
  }
  if (!isWritable(asked)) throw new BadRequest('content names an encoding that cannot be written');
  return asked;
}
