/**
 * Presence of one account (RFC 6121 §3 and §4): who is told that a device is there, who is asked whether they
 * are, and what is agreed with whom. `Account` hands it every presence stanza.
 */
import type { Element } from '@xmpp/xml';
import { bareJid } from '../../../shared/jid.ts';
import type { Device } from './device.ts';
import {
  type Roster,
  type RosterEntry,
  SUBSCRIPTION_WORDS,
  type SubscriptionWord,
} from './roster.ts';
import type { Router } from './router.ts';
import { copyOf, stanza } from './stanza.ts';

export interface AccountPresenceOptions {
  /** Bare JID. */
  readonly owner: string;
  readonly roster: Roster;
  readonly router: Router;
  readonly devices: () => readonly Device[];
  /** Tells every device that wants to know what changed in the roster. */
  readonly push: (entry: RosterEntry) => void;
  /** A device said what it can do, or something new of it. */
  readonly onCapabilities: (device: Device) => void;
}

export class AccountPresence {
  readonly #options: AccountPresenceOptions;
  /** Requests to see our presence that nobody has answered, by bare JID. */
  readonly #requests = new Map<string, Element>();

  constructor(options: AccountPresenceOptions) {
    this.#options = options;
  }

  /** A device says something of its presence, or of a subscription; `from` is the device's own address. */
  send(device: Device, presence: Element): void {
    const { to, type } = presence.attrs;
    if (to !== undefined) {
      const word = wordOf(presence);
      if (word) this.say(word, bareJid(to), presence);
      else this.#tell(device, presence);
    } else if (type === undefined) this.#arrive(device, presence);
    else if (type === 'unavailable') this.depart(device, presence);
  }

  /** A presence stanza for this account, or one of its devices. */
  receive(presence: Element): void {
    const { devices } = this.#options;
    const { to, type } = presence.attrs;
    const word = wordOf(presence);
    if (word) this.#hear(word, presence);
    else if (type === 'probe') this.#answerProbe(presence.attrs.from);
    else {
      for (const device of devices()) {
        if (device.jid === to || (device.presence && bareJid(device.jid) === to)) {
          device.send(copyOf(presence, { to: device.jid }));
        }
      }
    }
  }

  /** A word about a subscription, from this account to somebody. */
  say(word: SubscriptionWord, to: string, presence?: Element): void {
    const { owner, roster, router, push } = this.#options;
    const changed = roster.said(word, to);
    if (changed) push(changed);
    if (word === 'subscribed' || word === 'unsubscribed') this.#requests.delete(to);
    const said = presence ?? stanza('presence', { type: word });
    router.send(copyOf(said, { from: owner, to }));
    if (word === 'subscribed' && changed) this.#answerProbe(to);
  }

  /** A device is not there any more. */
  depart(device: Device, farewell?: Element): void {
    const { owner, router } = this.#options;
    const gone = farewell ?? stanza('presence', { from: device.jid, type: 'unavailable' });
    if (device.presence) {
      device.presence = undefined;
      for (const to of [...this.#watchers(), owner]) router.send(copyOf(gone, { to }));
    }
    for (const to of device.toldDirectly) router.send(copyOf(gone, { to }));
    device.toldDirectly.clear();
  }

  #arrive(device: Device, presence: Element): void {
    const { owner, roster, router, devices, onCapabilities } = this.#options;
    const isFirst = device.presence === undefined;
    device.presence = presence;
    onCapabilities(device);
    for (const to of [...this.#watchers(), owner]) router.send(copyOf(presence, { to }));
    if (!isFirst) return;
    for (const { jid, to } of roster.all()) {
      if (to) router.send(stanza('presence', { type: 'probe', from: device.jid, to: jid }));
    }
    for (const other of devices()) {
      if (other !== device && other.presence) {
        device.send(copyOf(other.presence, { to: device.jid }));
      }
    }
    for (const request of this.#requests.values()) device.send(request);
  }

  /** Presence for one address alone: a room, or somebody who is no contact (RFC 6121 §4.6). */
  #tell(device: Device, presence: Element): void {
    const { type, to } = presence.attrs;
    if (type === undefined) device.toldDirectly.add(to);
    if (type === 'unavailable') device.toldDirectly.delete(to);
    this.#options.router.send(presence);
  }

  #hear(word: SubscriptionWord, presence: Element): void {
    const { owner, roster, router, devices, push } = this.#options;
    const from = bareJid(presence.attrs.from);
    if (word === 'subscribe') {
      if (roster.get(from)?.from) {
        router.send(stanza('presence', { type: 'subscribed', from: owner, to: from }));
        return;
      }
      this.#requests.set(from, presence);
    } else {
      if (word === 'unsubscribe') this.#requests.delete(from);
      const changed = roster.heard(word, from);
      if (!changed) return;
      push(changed);
    }
    for (const device of devices()) if (device.presence) device.send(presence);
  }

  #answerProbe(asker: string): void {
    const { roster, router, devices } = this.#options;
    if (!roster.get(bareJid(asker))?.from) return;
    for (const { presence } of devices()) {
      if (presence) router.send(copyOf(presence, { to: asker }));
    }
  }

  /** Who sees our presence. */
  #watchers(): string[] {
    return this.#options.roster.all().flatMap(({ jid, from }) => (from ? jid : []));
  }
}

function wordOf(presence: Element): SubscriptionWord | undefined {
  return SUBSCRIPTION_WORDS.find((word) => word === presence.attrs.type);
}
