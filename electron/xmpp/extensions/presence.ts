/**
 * RFC 6121 §4: saying that we are here, and knowing who else is. Keeps every device of a contact and
 * says how the person is as a whole. Used by the host once the roster is there.
 */
import xml, { type Element } from '@xmpp/xml';
import type { Show } from '../../../shared/contract/records.ts';
import { bareJid, parseJid } from '../../../shared/jid.ts';
import type { Unsubscribe, XmppStream } from '../xmpp-stream.ts';
import { Listeners } from './listeners.ts';
import { address, childText } from './stanza.ts';

const LONGEST_STATUS = 1_024;
/** Bounds on what strangers can make us remember. */
const MOST_PEOPLE = 20_000;
const MOST_DEVICES = 64;

/** How a person is, taking all devices together. */
export interface PersonPresence {
  readonly show: Show;
  readonly status?: string;
}

/** One device of a person that is online. */
export interface DevicePresence extends PersonPresence {
  /** Full JID. */
  readonly jid: string;
  /** -128 to 127 (§4.7.2.3). */
  readonly priority: number;
}

/** What to say about ourselves. */
export interface OwnPresence {
  readonly show?: Exclude<Show, 'online' | 'offline'>;
  readonly status?: string;
}

/** See {@link presence}. */
export interface Presence {
  /** Tells everybody who may know (§4.2, §4.4); the first one in a session also brings theirs to us. */
  announce(own?: OwnPresence): void;
  /** Tells everybody that we are gone (§4.5). */
  leave(): void;
  /**
   * Asks a contact's server how they are now (§4.3). For a session that is gone on with by a new
   * process: the server sends nobody's presence again by itself.
   */
  probe(jid: string): void;
  /** Called with a bare JID (our own too, for our other devices) when how they are may have changed. */
  onPresence(listener: (jid: string, presence: PersonPresence) => void): Unsubscribe;
  /** How a person is; `offline` where nothing is known. */
  of(jid: string): PersonPresence;
  /** The devices a person is online with, the best first. */
  devicesOf(jid: string): readonly DevicePresence[];
}

/** @param capabilities the `<c/>` to put in every presence (XEP-0115 §6.1) */
export function presence(stream: XmppStream, capabilities: () => Element): Presence {
  const people = new Map<string, Map<string, DevicePresence>>();
  const listeners = new Listeners<[string, PersonPresence]>();
  const devicesOf = (jid: string) => bestFirst(people.get(bareJid(jid)));
  const of = (jid: string): PersonPresence => {
    const [best] = devicesOf(jid);
    if (!best) return { show: 'offline' };
    return { show: best.show, ...(best.status === undefined ? {} : { status: best.status }) };
  };

  stream.onStanza((stanza) => {
    const from = address(stanza, 'from');
    if (stanza.getName() !== 'presence' || from === undefined || isFromRoom(stanza)) return;
    const jid = bareJid(from);
    const { type } = stanza.attrs;
    if (type === undefined) arrive(jid, deviceIn(stanza, from));
    // `unsubscribed` and errors also mean that nothing more will be heard (§4.6).
    else if (type === 'unavailable' || type === 'error') depart(jid, from);
    else return;
    listeners.emit(jid, of(jid));
  });

  function arrive(jid: string, device: DevicePresence): void {
    const devices = people.get(jid) ?? new Map<string, DevicePresence>();
    if (!people.has(jid) && people.size >= MOST_PEOPLE) return;
    people.set(jid, devices);
    // Set anew, so that the map's order is the order in which they were last heard of.
    devices.delete(device.jid);
    if (devices.size < MOST_DEVICES) devices.set(device.jid, device);
  }

  function depart(jid: string, from: string): void {
    const devices = people.get(jid);
    if (!devices) return;
    // From a bare JID it speaks for the whole person (§4.3.2.1).
    if (parseJid(from)?.resource === undefined) devices.clear();
    else devices.delete(from);
    if (devices.size === 0) people.delete(jid);
  }

  return {
    announce(own = {}) {
      const stanza = xml('presence');
      if (own.show !== undefined) stanza.append(xml('show', {}, own.show));
      if (own.status) stanza.append(xml('status', {}, own.status));
      stanza.append(capabilities());
      stream.send(stanza);
    },
    leave: () => stream.send(xml('presence', { type: 'unavailable' })),
    probe: (jid) => stream.send(xml('presence', { type: 'probe', to: bareJid(jid) })),
    onPresence: (listener) => listeners.add(listener),
    of,
    devicesOf,
  };
}

/** Highest priority first, the most recently heard of first among equals. */
function bestFirst(devices: ReadonlyMap<string, DevicePresence> | undefined): DevicePresence[] {
  return [...(devices?.values() ?? [])].reverse().sort((a, b) => b.priority - a.priority);
}

function deviceIn(stanza: Element, jid: string): DevicePresence {
  const status = childText(stanza, 'status', undefined, LONGEST_STATUS);
  const priority = Number.parseInt(stanza.getChildText('priority') ?? '0', 10);
  return {
    jid,
    show: showOf(stanza.getChildText('show')?.trim()),
    priority: Number.isNaN(priority) ? 0 : Math.min(Math.max(priority, -128), 127),
    ...(status === undefined ? {} : { status }),
  };
}

function showOf(text: string | undefined): Show {
  return text === 'chat' || text === 'away' || text === 'xa' || text === 'dnd' ? text : 'online';
}

/** An occupant of a room (XEP-0045 §7.2): not a person's own presence. */
function isFromRoom(stanza: Element): boolean {
  return stanza.getChild('x', 'http://jabber.org/protocol/muc#user') !== undefined;
}
