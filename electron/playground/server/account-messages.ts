/** The messages of one account on their way out and in: the archive, copies (XEP-0280), delivery (RFC 6121 §8). */
import xml, { type Element } from '@xmpp/xml';
import { bareJid } from '../../../shared/jid.ts';
import type { Archive } from './archive.ts';
import type { Device } from './device.ts';
import type { Router } from './router.ts';
import { copyOf, errorOf, stanza } from './stanza.ts';

export const NS_CARBONS = 'urn:xmpp:carbons:2';
export const NS_STANZA_ID = 'urn:xmpp:sid:0';
const NS_FORWARD = 'urn:xmpp:forward:0';
const NS_HINTS = 'urn:xmpp:hints';
const NS_EVENT = 'http://jabber.org/protocol/pubsub#event';

export interface AccountMessagesOptions {
  /** Bare JID. */
  readonly owner: string;
  readonly archive: Archive;
  readonly router: Router;
  /** All that are signed in. */
  readonly devices: () => readonly Device[];
  /** Epoch ms. */
  readonly now: () => number;
}

export class AccountMessages {
  readonly #options: AccountMessagesOptions;

  constructor(options: AccountMessagesOptions) {
    this.#options = options;
  }

  /** A device sends a message; `from` is the device's own address. */
  send(device: Device, sent: Element): void {
    const { owner, router } = this.#options;
    const message = sent.attrs.to === undefined ? copyOf(sent, { to: owner }) : sent;
    this.#keep(message, bareJid(message.attrs.to));
    this.#copy(message, 'sent', device);
    router.send(message);
  }

  /** A message for this account, or one of its devices. */
  receive(message: Element): void {
    const { owner, devices, router } = this.#options;
    const { to, from, type } = message.attrs;
    if (message.getChild('event', NS_EVENT)) {
      this.#notify(message);
      return;
    }
    const sender = bareJid(from);
    const kept = sender === owner ? undefined : this.#keep(message, sender);
    const delivered = withStanzaId(message, owner, kept);
    const device = devices().find(({ jid }) => jid === to);
    if (device) {
      device.send(delivered);
      this.#copy(delivered, 'received', device);
    } else if (type === 'groupchat') {
      // A room takes whoever is not there out of it (XEP-0045 §18.1.2).
      router.send(errorOf(message, 'service-unavailable'));
    } else {
      for (const each of devices()) if (each.isReachable) each.send(delivered);
    }
  }

  #keep(message: Element, peer: string): string | undefined {
    const { archive, owner, now } = this.#options;
    if (!isKept(message)) return undefined;
    return archive.add(withStanzaId(message, owner, undefined), peer, now()).id;
  }

  #copy(message: Element, way: 'sent' | 'received', done: Device): void {
    if (!mayBeCopied(message)) return;
    const { owner, devices } = this.#options;
    for (const device of devices()) {
      if (device === done || !device.wantsCarbons) continue;
      const forwarded = xml('forwarded', { xmlns: NS_FORWARD }, copyOf(message));
      device.send(
        stanza(
          'message',
          { from: owner, to: device.jid, type: message.attrs.type },
          xml(way, { xmlns: NS_CARBONS }, forwarded),
        ),
      );
    }
  }

  /** Somebody published something (XEP-0163 §4.3): for the devices that want to hear of it. */
  #notify(event: Element): void {
    const { to } = event.attrs;
    const node = event.getChild('event', NS_EVENT)?.getChild('items')?.attrs.node;
    for (const device of this.#options.devices()) {
      if (to !== device.jid && to !== bareJid(device.jid)) continue;
      void device.interests.then((nodes) => {
        if (nodes.has(node)) device.send(copyOf(event, { to: device.jid }));
      });
    }
  }
}

function isKept(message: Element): boolean {
  const { type } = message.attrs;
  if (type === 'groupchat' || type === 'headline' || type === 'error') return false;
  if (message.getChild('no-store', NS_HINTS)) return false;
  return (
    message.getChild('body') !== undefined || message.getChild('store', NS_HINTS) !== undefined
  );
}

/** XEP-0280 §6.1. */
function mayBeCopied(message: Element): boolean {
  const { type } = message.attrs;
  if (type === 'groupchat' || type === 'headline' || type === 'error') return false;
  const isPrivate =
    message.getChild('private', NS_CARBONS) ?? message.getChild('no-copy', NS_HINTS);
  return !isPrivate && (type === 'chat' || message.getChild('body') !== undefined);
}

/** Nobody but the archive itself says what its ids are (XEP-0359 §6). */
function withStanzaId(message: Element, by: string, id: string | undefined): Element {
  const clean = copyOf(message);
  clean.children = clean.children.filter(
    (child) =>
      typeof child === 'string' ||
      !child.is('stanza-id', NS_STANZA_ID) ||
      bareJid(child.attrs.by ?? '') !== by,
  );
  if (id !== undefined) clean.append(xml('stanza-id', { xmlns: NS_STANZA_ID, by, id }));
  return clean;
}
