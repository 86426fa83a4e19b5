/** XEP-0153 vCard-Based Avatars, for reading: the hash in presence, and the photo behind it. */
import { bareJid } from '../../../shared/jid.ts';
import type { Unsubscribe, XmppStream } from '../xmpp-stream.ts';
import { type AvatarImage, imageHash } from './image.ts';
import { Listeners } from './listeners.ts';
import { address } from './stanza.ts';
import type { VCards } from './vcard.ts';

const NAMESPACE = 'vcard-temp:x:update';

/** See {@link vcardAvatar}. */
export interface VCardAvatars {
  /** A person's presence names an image; undefined: says that there is none. Called for every such presence. */
  onHash(listener: (jid: string, hash: string | undefined) => void): Unsubscribe;
  /**
   * Fetches the photo; undefined where there is none or its bytes are not the ones announced.
   * @throws ProblemError `server.no-answer`
   */
  fetch(jid: string, hash: string): Promise<AvatarImage | undefined>;
}

/** @param vcards where photos come from (`vcard.ts`) */
export function vcardAvatar(stream: XmppStream, vcards: VCards): VCardAvatars {
  const listeners = new Listeners<[string, string | undefined]>();
  stream.onStanza((stanza) => {
    if (stanza.getName() !== 'presence' || stanza.attrs.type !== undefined) return;
    if (stanza.getChild('x', 'http://jabber.org/protocol/muc#user')) return;
    const from = address(stanza, 'from');
    // Without `<photo/>` a client is not ready to say (§4.1).
    const photo = stanza.getChild('x', NAMESPACE)?.getChild('photo', NAMESPACE);
    if (from === undefined || !photo) return;
    const text = photo.getText();
    const hash = imageHash(text);
    if (hash !== undefined || text.trim() === '') listeners.emit(bareJid(from), hash);
  });
  return {
    onHash: (listener) => listeners.add(listener),
    async fetch(jid, hash) {
      const { photo } = await vcards.read(jid);
      return photo?.hash === hash ? photo : undefined;
    },
  };
}
