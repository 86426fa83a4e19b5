/**
 * Everything this client speaks beyond the core, put together for one stream: the host makes one set
 * for each attempt, before `start()`, and registers its listeners on it.
 */
import type { XmppStream } from '../xmpp-stream.ts';
import { type Archive, archive } from './archive.ts';
import { type Avatars, avatar, avatarFeatures } from './avatar.ts';
import { type Capabilities, capabilitiesElement, capsFeatures } from './caps.ts';
import { type Carbons, carbons } from './carbons.ts';
import { type ChatStates, chatStates, chatStatesFeatures } from './chat-states.ts';
import { type ClientState, clientState } from './client-state.ts';
import { delayFeatures } from './delay.ts';
import { type Disco, disco, discoFeatures } from './disco.ts';
import { type Messages, messages } from './messages.ts';
import { type Ping, ping, pingFeatures } from './ping.ts';
import { type Presence, presence } from './presence.ts';
import { type Receipts, receipts, receiptsFeatures } from './receipts.ts';
import { type Roster, roster } from './roster.ts';
import { type VCards, vcard } from './vcard.ts';
import { type VCardAvatars, vcardAvatar } from './vcard-avatar.ts';
import { version, versionFeatures } from './version.ts';

/** One of each, by the name of its file. */
export interface Extensions {
  readonly archive: Archive;
  readonly avatar: Avatars;
  readonly carbons: Carbons;
  readonly chatStates: ChatStates;
  readonly clientState: ClientState;
  readonly disco: Disco;
  readonly messages: Messages;
  readonly ping: Ping;
  readonly presence: Presence;
  readonly receipts: Receipts;
  readonly roster: Roster;
  readonly vcard: VCards;
  readonly vcardAvatar: VCardAvatars;
}

/** What the extensions cannot know by themselves. */
export interface ExtensionsOptions {
  /** The version of Holdfast to tell those who ask. */
  readonly version: string;
  /** See `DecodeContext.trustsStanzaIds` in `messages.ts`. */
  readonly trustsStanzaIds: () => boolean;
  /** Leave out what people can do without: images and what they type. */
  readonly savesData: () => boolean;
}

/** What we are, and the features of every file that costs little. */
const frugalCapabilities: Capabilities = {
  identities: [{ category: 'client', type: 'pc', name: 'Holdfast' }],
  features: [
    ...capsFeatures,
    ...delayFeatures,
    ...discoFeatures,
    ...pingFeatures,
    ...receiptsFeatures,
    ...versionFeatures,
  ],
};

/** What we are, and every feature of every file. */
export const capabilities: Capabilities = {
  ...frugalCapabilities,
  features: [...frugalCapabilities.features, ...avatarFeatures, ...chatStatesFeatures],
};

/** Registers every extension on the stream. */
export function extensions(stream: XmppStream, options: ExtensionsOptions): Extensions {
  version(stream, { name: 'Holdfast', version: options.version });
  const { savesData } = options;
  const ours = () => (savesData() ? frugalCapabilities : capabilities);
  const spoken = messages(stream, options);
  const cards = vcard(stream);
  return {
    archive: archive(stream),
    avatar: avatar(stream),
    carbons: carbons(stream),
    chatStates: chatStates(stream, spoken, savesData),
    clientState: clientState(stream),
    disco: disco(stream, ours),
    messages: spoken,
    ping: ping(stream),
    presence: presence(stream, () => capabilitiesElement(ours())),
    receipts: receipts(stream, spoken),
    roster: roster(stream),
    vcard: cards,
    vcardAvatar: vcardAvatar(stream, cards),
  };
}
