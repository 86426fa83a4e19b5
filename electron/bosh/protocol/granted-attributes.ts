/** Reads what the manager grants in its session creation response (XEP-0124 §7.2, XEP-0206 §4). */
import type { GrantedAttributes } from '../../../shared/health.ts';

/** The largest values of their types in the schema (XEP-0124 §22). */
const BYTE = 255;
const SHORT = 65_535;

const NUMBERS = [
  ['wait', SHORT],
  ['hold', BYTE],
  ['requests', BYTE],
  ['polling', SHORT],
  ['inactivity', SHORT],
  ['maxpause', SHORT],
] as const;
const TEXTS = [
  ['ver', 'ver'],
  ['ack', 'ack'],
  ['from', 'from'],
  ['accept', 'accept'],
  ['charsets', 'charsets'],
  ['stream', 'stream'],
  ['authid', 'authid'],
  ['secure', 'secure'],
  ['xmpp:restartlogic', 'restartlogic'],
  ['xmpp:version', 'xmppVersion'],
] as const;

/**
 * Every attribute of the answer that means something; numbers that are none are left out, and one that is too
 * large for its type is the largest of it. Where the obsolete `authid` repeats the sid, as Prosody's does, it is shortened: the grant is shown, and the sid is a secret.
 */
export function grantedAttributes(
  attributes: Readonly<Record<string, string>>,
  sid: string,
): GrantedAttributes {
  const granted: GrantedAttributes = {};
  for (const [name, most] of NUMBERS) {
    const text = attributes[name]?.trim() ?? '';
    if (/^\+?\d+$/u.test(text)) granted[name] = Math.min(Number(text), most);
  }
  for (const [name, key] of TEXTS) {
    const text = attributes[name];
    if (text !== undefined) granted[key] = text.slice(0, 1024);
  }
  if (granted.authid === sid) granted.authid = shortSid(sid);
  return granted;
}

/** Enough of a sid to tell two sessions apart, too little to take one over. */
export function shortSid(sid: string): string {
  return sid.length <= 12 ? `${sid.slice(0, 3)}…` : `${sid.slice(0, 4)}…${sid.slice(-4)}`;
}

/**
 * Whether this manager is known to take requests of the two connections in any order. Prosody's mod_bosh
 * does, and is known by its grant; so does one that acknowledges, Holdfast's own for one, since it counts what it
 * has without a gap. ejabberd stalls, and any other is not trusted to.
 */
export function toleratesSwappedRequests(granted: GrantedAttributes): boolean {
  return isProsodysOwn(granted) || granted.ack !== undefined;
}

/** Whether this manager is Prosody's mod_bosh, by what it grants and does not. */
export function isProsodysOwn(granted: GrantedAttributes): boolean {
  return (
    granted.ver === '1.6' &&
    granted.authid !== undefined &&
    granted.maxpause === undefined &&
    granted.restartlogic === undefined
  );
}
