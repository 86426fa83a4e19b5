/** XEP-0084 User Avatar, for reading: what people publish over PEP, and the image itself. */
import xml, { type Element } from '@xmpp/xml';
import { bareJid } from '../../../shared/jid.ts';
import type { Unsubscribe, XmppStream } from '../xmpp-stream.ts';
import { type AvatarImage, imageFromBase64, imageHash, LARGEST_IMAGE } from './image.ts';
import { Listeners } from './listeners.ts';
import { address } from './stanza.ts';
import { conditionOf } from './stanza-error.ts';

const DATA_NODE = 'urn:xmpp:avatar:data';
const METADATA_NODE = 'urn:xmpp:avatar:metadata';
const PUBSUB = 'http://jabber.org/protocol/pubsub';
const PUBSUB_EVENT = 'http://jabber.org/protocol/pubsub#event';
/** Disco features this brings: their servers send us only what we say we are interested in (XEP-0163 §4.1). */
export const avatarFeatures: readonly string[] = [`${METADATA_NODE}+notify`];

/** See {@link avatar}. */
export interface Avatars {
  /**
   * A person published another image; undefined: took it away (§3.5). Also what they have now, right
   * after our first presence.
   */
  onHash(listener: (jid: string, hash: string | undefined) => void): Unsubscribe;
  /**
   * Fetches a published image; undefined where it is not there, is too large or of another type, or
   * its bytes are not the ones announced.
   * @throws ProblemError `server.no-answer`
   */
  fetch(jid: string, hash: string): Promise<AvatarImage | undefined>;
}

/** Listens to what people publish. */
export function avatar(stream: XmppStream): Avatars {
  const listeners = new Listeners<[string, string | undefined]>();
  stream.onStanza((stanza) => {
    const notice = noticeIn(stanza, bareJid(stream.bareJid));
    if (notice) listeners.emit(notice.jid, notice.hash);
  });
  return {
    onHash: (listener) => listeners.add(listener),
    async fetch(jid, hash) {
      const items = xml('items', { node: DATA_NODE }, xml('item', { id: hash }));
      const iq = xml(
        'iq',
        { type: 'get', to: bareJid(jid) },
        xml('pubsub', { xmlns: PUBSUB }, items),
      );
      try {
        const image = imageIn(await stream.request(iq));
        return image?.hash === hash ? image : undefined;
      } catch (error) {
        if (conditionOf(error) !== undefined) return undefined;
        throw error;
      }
    },
  };
}

/** A notification about the image of whoever sent it: the server vouches for `from`, and nobody speaks for others. */
function noticeIn(
  stanza: Element,
  account: string,
): { jid: string; hash: string | undefined } | undefined {
  if (stanza.getName() !== 'message' || stanza.attrs.type === 'error') return undefined;
  const items = stanza.getChild('event', PUBSUB_EVENT)?.getChild('items', PUBSUB_EVENT);
  const from = stanza.attrs.from === undefined ? account : address(stanza, 'from');
  // PEP speaks from a bare JID (XEP-0163 §3).
  if (items?.attrs.node !== METADATA_NODE || from === undefined || from.includes('/')) {
    return undefined;
  }
  const item = items.getChildren('item', PUBSUB_EVENT).at(-1);
  const metadata = item?.getChild('metadata', METADATA_NODE);
  if (!metadata) return undefined;
  const infos = metadata.getChildren('info', METADATA_NODE);
  if (infos.length === 0) return { jid: bareJid(from), hash: undefined };
  const hash = infos.map(fetchableHash).find((found) => found !== undefined);
  return hash === undefined ? undefined : { jid: bareJid(from), hash };
}

/** The hash of an image that lies in the data node and is not too large to take. */
function fetchableHash(info: Element): string | undefined {
  const { url, bytes } = info.attrs;
  if (url !== undefined || !(Number(bytes) <= LARGEST_IMAGE)) return undefined;
  return imageHash(info.attrs.id);
}

function imageIn(answer: Element): AvatarImage | undefined {
  const text = answer
    .getChild('pubsub', PUBSUB)
    ?.getChild('items', PUBSUB)
    ?.getChild('item', PUBSUB)
    ?.getChildText('data', DATA_NODE);
  return text ? imageFromBase64(text) : undefined;
}
