/**
 * Name and picture of somebody in the playground, for reading: vCard (XEP-0054), the picture's hash in
 * presence (XEP-0153), and the picture over PEP (XEP-0084).
 */
import { createHash } from 'node:crypto';
import xml, { type Element } from '@xmpp/xml';
import { type Answers, Refusal } from './requests.ts';
import { stanza } from './stanza.ts';

const NS_VCARD = 'vcard-temp';
const NS_VCARD_UPDATE = 'vcard-temp:x:update';
const NS_PUBSUB = 'http://jabber.org/protocol/pubsub';
const NS_EVENT = 'http://jabber.org/protocol/pubsub#event';
const NS_DATA = 'urn:xmpp:avatar:data';
const NS_METADATA = 'urn:xmpp:avatar:metadata';

export const NS_PROFILE_FEATURES: readonly string[] = [NS_VCARD, `${NS_PUBSUB}#retrieve-items`];

/** A PNG image. */
export interface Picture {
  readonly bytes: Buffer;
  /** Of both sides, in pixels. */
  readonly size: number;
}

export interface Profile {
  readonly name: string;
  readonly picture?: Picture;
}

/** SHA-1, as avatars are named (XEP-0084 §4.2). */
export function pictureHash({ bytes }: Picture): string {
  return createHash('sha1').update(bytes).digest('hex');
}

/** Answers about somebody, as they are when asked. */
export function profileAnswers(profile: () => Profile): Answers {
  return {
    [`get ${NS_VCARD} vCard`]: () => vCard(profile()),
    [`get ${NS_PUBSUB} pubsub`]: (pubsub) => {
      const items = pubsub.getChild('items');
      const { picture } = profile();
      const id = picture && pictureHash(picture);
      const wanted = items?.getChildren('item').map((item) => item.attrs.id) ?? [];
      const isHere = wanted.length === 0 || wanted.includes(id);
      const node = items?.attrs.node;
      if (!picture || !isHere) throw new Refusal('item-not-found');
      if (node === NS_DATA) {
        const data = xml('data', { xmlns: NS_DATA }, picture.bytes.toString('base64'));
        return xml(
          'pubsub',
          { xmlns: NS_PUBSUB },
          xml('items', { node }, xml('item', { id }, data)),
        );
      }
      if (node === NS_METADATA) {
        const item = xml('item', { id }, metadata(picture));
        return xml('pubsub', { xmlns: NS_PUBSUB }, xml('items', { node }, item));
      }
      throw new Refusal('item-not-found');
    },
  };
}

/** Tells somebody what the picture is now (XEP-0084 §3.2). */
export function pictureEvent(from: string, to: string, picture: Picture): Element {
  const item = xml('item', { id: pictureHash(picture) }, metadata(picture));
  const items = xml('items', { node: NS_METADATA }, item);
  return stanza(
    'message',
    { from, to, type: 'headline' },
    xml('event', { xmlns: NS_EVENT }, items),
  );
}

/** For presence (XEP-0153 §3.1). */
export function pictureUpdate({ picture }: Profile): Element {
  return xml(
    'x',
    { xmlns: NS_VCARD_UPDATE },
    xml('photo', {}, ...(picture ? [pictureHash(picture)] : [])),
  );
}

function vCard({ name, picture }: Profile): Element {
  const card = xml('vCard', { xmlns: NS_VCARD }, xml('FN', {}, name), xml('NICKNAME', {}, name));
  if (picture) {
    const bytes = xml('BINVAL', {}, picture.bytes.toString('base64'));
    card.append(xml('PHOTO', {}, xml('TYPE', {}, 'image/png'), bytes));
  }
  return card;
}

function metadata(picture: Picture): Element {
  const { bytes, size } = picture;
  return xml(
    'metadata',
    { xmlns: NS_METADATA },
    xml('info', {
      ...{ id: pictureHash(picture), type: 'image/png', bytes: String(bytes.length) },
      ...{ width: String(size), height: String(size) },
    }),
  );
}
