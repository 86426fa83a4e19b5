/**
 * An account of the playground's server: the devices signed in to it, and everything one of them may ask
 * (RFC 6121). The client streams hand it what devices send, the router what others send it.
 */
import xml, { type Element } from '@xmpp/xml';
import { newId } from '../../../shared/ids.ts';
import { bareJid } from '../../../shared/jid.ts';
import { AccountMessages, NS_CARBONS, NS_STANZA_ID } from './account-messages.ts';
import { AccountPresence } from './account-presence.ts';
import type { Archive } from './archive.ts';
import { archiveAnswers, NS_ARCHIVE } from './archive-requests.ts';
import { type Connection, Device } from './device.ts';
import { NS_PROFILE_FEATURES, type Profile, profileAnswers } from './profile.ts';
import { type Answers, answerTo, basicAnswers, Refusal } from './requests.ts';
import { NS_ROSTER, Roster, rosterItem } from './roster.ts';
import type { Addressee, Router } from './router.ts';
import { errorOf, isRequest, stanza } from './stanza.ts';

const NS_SESSION = 'urn:ietf:params:xml:ns:xmpp-session';
const NS_INFO = 'http://jabber.org/protocol/disco#info';
const NS_CAPS = 'http://jabber.org/protocol/caps';
/** The end of a feature that says: tell me of this node (XEP-0163 §4.1). */
const NOTIFY = '+notify';

export interface AccountOptions {
  /** Bare. */
  readonly jid: string;
  readonly profile: Profile;
  readonly archive: Archive;
  readonly router: Router;
  /** Epoch ms. */
  readonly now: () => number;
}

export class Account implements Addressee {
  readonly jid: string;
  readonly roster = new Roster();
  readonly archive: Archive;
  readonly #router: Router;
  readonly #devices = new Map<string, Device>();
  readonly #answers = new WeakMap<Device, Answers>();
  readonly #forOthers: Answers;
  readonly #messages: AccountMessages;
  readonly #presence: AccountPresence;
  /** What the server asked devices, by the request's id. */
  readonly #asked = new Map<string, (answer: Element) => void>();

  constructor({ jid, profile, archive, router, now }: AccountOptions) {
    this.jid = jid;
    this.archive = archive;
    this.#router = router;
    const devices = () => [...this.#devices.values()];
    this.#messages = new AccountMessages({ owner: jid, archive, router, devices, now });
    this.#presence = new AccountPresence({
      ...{ owner: jid, roster: this.roster, router, devices },
      push: (entry) => this.#push(rosterItem(entry)),
      onCapabilities: (device) => this.#learnInterests(device),
    });
    this.#forOthers = {
      ...basicAnswers({
        category: 'account',
        type: 'registered',
        name: profile.name,
        features: [NS_ARCHIVE, NS_STANZA_ID, ...NS_PROFILE_FEATURES],
      }),
      ...profileAnswers(() => profile),
    };
  }

  /** A stream gets a device (RFC 6120 §7); one of the same name that was there before is disconnected. */
  bind(resource: string, connection: Connection): Device {
    const jid = `${this.jid}/${resource}`;
    this.#devices.get(jid)?.connection.end('conflict');
    const device = new Device(jid, connection);
    this.#devices.set(jid, device);
    this.#answers.set(device, this.#answersFor(device));
    return device;
  }

  /** Its stream has ended. */
  release(device: Device): void {
    if (this.#devices.get(device.jid) !== device) return;
    this.#devices.delete(device.jid);
    this.#presence.depart(device);
  }

  /** A device sends a stanza; its `from` is the device's own address. */
  send(device: Device, sent: Element): void {
    if (sent.name === 'message') this.#messages.send(device, sent);
    else if (sent.name === 'presence') this.#presence.send(device, sent);
    else this.#sendRequest(device, sent);
  }

  receive(received: Element): void {
    if (received.name === 'message') this.#messages.receive(received);
    else if (received.name === 'presence') this.#presence.receive(received);
    else this.#receiveRequest(received);
  }

  #sendRequest(device: Device, sent: Element): void {
    const { to, id } = sent.attrs;
    const isForAccount = to === undefined || to === this.jid;
    if (!isForAccount) this.#router.send(sent);
    else if (isRequest(sent)) device.send(answerTo(sent, this.#answers.get(device) ?? {}));
    else {
      this.#asked.get(id)?.(sent);
      this.#asked.delete(id);
    }
  }

  #receiveRequest(received: Element): void {
    const device = this.#devices.get(received.attrs.to);
    if (device) device.send(received);
    else if (!isRequest(received)) return;
    else if (received.attrs.to === this.jid) {
      this.#router.send(answerTo(received, this.#forOthers));
    } else this.#router.send(errorOf(received, 'service-unavailable'));
  }

  #answersFor(device: Device): Answers {
    const carbons = (wanted: boolean) => (): undefined => {
      device.wantsCarbons = wanted;
    };
    return {
      ...this.#forOthers,
      ...archiveAnswers(this.archive, this.jid, (message) => device.send(message)),
      [`get ${NS_ROSTER} query`]: () => {
        device.wantsRoster = true;
        return xml('query', { xmlns: NS_ROSTER }, ...this.roster.all().map(rosterItem));
      },
      [`set ${NS_ROSTER} query`]: (query) => this.#editRoster(query),
      [`set ${NS_CARBONS} enable`]: carbons(true),
      [`set ${NS_CARBONS} disable`]: carbons(false),
      // Of RFC 3921; clients of that time still ask.
      [`set ${NS_SESSION} session`]: () => undefined,
    };
  }

  /** RFC 6121 §2.3 to §2.5. @throws Refusal */
  #editRoster(query: Element): undefined {
    const [item, ...others] = query.getChildren('item');
    const jid = bareJid(item?.attrs.jid ?? '');
    if (!item || others.length > 0 || jid === '') throw new Refusal('bad-request', 'modify');
    if (item.attrs.subscription !== 'remove') {
      const { name } = item.attrs;
      const groups = item.getChildren('group').map((group) => group.getText());
      const entry = this.roster.edit(jid, { groups, ...(name !== undefined && { name }) });
      this.#push(rosterItem(entry));
      return;
    }
    const entry = this.roster.get(jid);
    if (!entry) throw new Refusal('item-not-found');
    if (entry.to || entry.asked) this.#presence.say('unsubscribe', jid);
    if (entry.from) this.#presence.say('unsubscribed', jid);
    this.roster.remove(jid);
    this.#push(xml('item', { jid, subscription: 'remove' }));
  }

  #push(item: Element): void {
    for (const device of this.#devices.values()) {
      if (!device.wantsRoster) continue;
      const query = xml('query', { xmlns: NS_ROSTER }, item);
      device.send(
        stanza('iq', { type: 'set', id: newId(), from: this.jid, to: device.jid }, query),
      );
    }
  }

  /** Asks what a device can do, where it says that it can do something (XEP-0115 §6.2). */
  #learnInterests(device: Device): void {
    const caps = device.presence?.getChild('c', NS_CAPS);
    if (!caps) return;
    const { node, ver } = caps.attrs;
    const id = newId();
    device.interests = new Promise((resolve) => {
      this.#asked.set(id, (answer) => {
        const features = answer.getChild('query', NS_INFO)?.getChildren('feature') ?? [];
        const names = features.map((feature) => String(feature.attrs.var));
        const wanted = names.filter((name) => name.endsWith(NOTIFY));
        resolve(new Set(wanted.map((name) => name.slice(0, -NOTIFY.length))));
      });
    });
    const query = xml('query', { xmlns: NS_INFO, node: `${node}#${ver}` });
    device.send(stanza('iq', { type: 'get', id, from: this.jid, to: device.jid }, query));
  }
}
