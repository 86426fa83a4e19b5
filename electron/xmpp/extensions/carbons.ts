/**
 * XEP-0280 Message Carbons: copies of what our other devices send and receive. `messages.ts` unwraps
 * them; the host enables them in every new session.
 */
import xml, { type Element } from '@xmpp/xml';
import { bareJid } from '../../../shared/jid.ts';
import type { XmppStream } from '../xmpp-stream.ts';
import { type ForwardedMessage, forwardedIn } from './forwarding.ts';
import { address, isFromOwnAccount } from './stanza.ts';
import { conditionOf } from './stanza-error.ts';

const NAMESPACE = 'urn:xmpp:carbons:2';

/** See {@link carbons}. */
export interface Carbons {
  /**
   * Asks the server for copies from now on, for this session (§4).
   * @returns false where the server cannot or will not.
   * @throws ProblemError `server.no-answer`
   */
  enable(): Promise<boolean>;
}

/** Turns carbons on; their contents arrive through `messages`. */
export function carbons(stream: XmppStream): Carbons {
  return {
    async enable() {
      try {
        await stream.request(xml('iq', { type: 'set' }, xml('enable', { xmlns: NAMESPACE })));
        return true;
      } catch (error) {
        if (conditionOf(error) !== undefined) return false;
        throw error;
      }
    },
  };
}

/** A copy, and which way its message went. */
export interface Carbon extends ForwardedMessage {
  readonly direction: 'received' | 'sent';
}

/**
 * What a stanza that looks like a carbon really is: a copy our own server vouches for, or `'forged'`
 * where anybody else sent it, or it says that we sent what we did not (§7, §11). Undefined: no carbon.
 */
export function carbonIn(stanza: Element, account: string): Carbon | 'forged' | undefined {
  const wrappers = [
    ...stanza.getChildren('received', NAMESPACE),
    ...stanza.getChildren('sent', NAMESPACE),
  ];
  const [wrapper, ...others] = wrappers;
  if (!wrapper) return undefined;
  const forwarded = forwardedIn(wrapper);
  if (others.length > 0 || !forwarded || stanza.attrs.from === undefined) return 'forged';
  if (!isFromOwnAccount(stanza, account)) return 'forged';
  const direction = wrapper.getName() === 'sent' ? 'sent' : 'received';
  const from = address(forwarded.message, 'from');
  const isOurs = from !== undefined && bareJid(from) === account;
  if (direction === 'sent' && !isOurs) return 'forged';
  return { ...forwarded, direction };
}
