/** Checks an address that somebody typed, with words for what is wrong. Pure. */
import { bareJid, isBareUserJid } from '../../shared/jid.ts';

/** A usable bare JID, or what to say about it. */
export type CheckedAddress =
  | { readonly jid: string; readonly error?: undefined }
  | { readonly jid?: undefined; readonly error: string };

/** Takes the address of a person, also as an `xmpp:` link (RFC 5122). */
export function checkAddress(typed: string): CheckedAddress {
  const text = typed
    .trim()
    .replace(/^xmpp:/iu, '')
    .replace(/\?.*$/u, '');
  if (text === '') return { error: 'Write an address, like name@example.org.' };
  if (!isBareUserJid(text)) {
    return { error: 'This is not an address yet. It looks like name@example.org.' };
  }
  return { jid: bareJid(text) };
}
