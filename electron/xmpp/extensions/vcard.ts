/** XEP-0054 vcard-temp, for reading: a person's names, and the photo `vcard-avatar.ts` is after. */
import xml from '@xmpp/xml';
import { bareJid } from '../../../shared/jid.ts';
import type { XmppStream } from '../xmpp-stream.ts';
import { type AvatarImage, imageFromBase64 } from './image.ts';
import { childText } from './stanza.ts';
import { conditionOf } from './stanza-error.ts';

const NAMESPACE = 'vcard-temp';
const LONGEST_NAME = 1_024;

/** The parts of a vCard we show; any may be absent. */
export interface VCard {
  /** FN: the name in full. */
  readonly fullName?: string;
  readonly nickname?: string;
  readonly photo?: AvatarImage;
}

/** See {@link vcard}. */
export interface VCards {
  /**
   * A person's vCard, or our own; empty where they have none or we may not see it.
   * @param jid a bare JID
   * @throws ProblemError `server.no-answer`
   */
  read(jid: string): Promise<VCard>;
}

/** Reads vCards. */
export function vcard(stream: XmppStream): VCards {
  return {
    async read(jid) {
      const to = bareJid(jid);
      // Our own is asked for without an address (XEP-0054 §3.1).
      const addressed = to === bareJid(stream.bareJid) ? {} : { to };
      try {
        const answer = await stream.request(
          xml('iq', { type: 'get', ...addressed }, xml('vCard', { xmlns: NAMESPACE })),
        );
        const card = answer.getChild('vCard', NAMESPACE);
        if (!card) return {};
        const fullName = childText(card, 'FN', NAMESPACE, LONGEST_NAME);
        const nickname = childText(card, 'NICKNAME', NAMESPACE, LONGEST_NAME);
        const encoded = card.getChild('PHOTO', NAMESPACE)?.getChildText('BINVAL', NAMESPACE);
        const photo = encoded ? imageFromBase64(encoded) : undefined;
        return {
          ...(fullName === undefined ? {} : { fullName }),
          ...(nickname === undefined ? {} : { nickname }),
          ...(photo === undefined ? {} : { photo }),
        };
      } catch (error) {
        if (conditionOf(error) !== undefined) return {};
        throw error;
      }
    },
  };
}
