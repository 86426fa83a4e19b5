/**
 * RFC 6121 §2 and §3: the contact list kept by the server, and asking to see each other's presence.
 * The host loads it in every session, keeps what is pushed, and runs the contact commands through it.
 */
import xml, { type Element } from '@xmpp/xml';
import { bareJid } from '../../../shared/jid.ts';
import type { Unsubscribe, XmppStream } from '../xmpp-stream.ts';
import { Listeners } from './listeners.ts';
import { address, attribute, bounded, childText, isFromOwnAccount } from './stanza.ts';
import { RequestRefusal } from './stanza-error.ts';

const NAMESPACE = 'jabber:iq:roster';
const VERSIONING_NAMESPACE = 'urn:xmpp:features:rosterver';

const LONGEST_NAME = 1_024;
const MOST_GROUPS = 100;

/** Who sees whose presence (§2.1.2.5): `to` we see theirs, `from` they see ours. */
export type Subscription = 'none' | 'to' | 'from' | 'both';

/** One contact as the server keeps it. */
export interface RosterItem {
  /** Bare. */
  readonly jid: string;
  readonly name?: string;
  readonly subscription: Subscription;
  /** We asked to see their presence and wait for the answer. */
  readonly asked: boolean;
  readonly groups: readonly string[];
}

/** The answer to asking for the roster. */
export type RosterAnswer =
  | {
      readonly kind: 'items';
      readonly items: readonly RosterItem[];
      readonly version?: string;
    }
  /** What is kept for the version sent still holds; changes since arrive as pushes (§2.6.2). */
  | { readonly kind: 'unchanged' };

/** A change made by us, another device or the server (§2.1.6). */
export type RosterPush =
  | { readonly kind: 'item'; readonly item: RosterItem; readonly version?: string }
  | { readonly kind: 'removed'; readonly jid: string; readonly version?: string };

/** A word in the conversation about presence (§3). `jid` is bare. */
export interface SubscriptionNotice {
  readonly kind: 'subscribe' | 'subscribed' | 'unsubscribe' | 'unsubscribed';
  readonly jid: string;
  /** What the person wrote along with it. */
  readonly text?: string;
}

/** See {@link roster}. */
export interface Roster {
  /**
   * Asks for the roster (§2.2), once in a session and before the initial presence.
   * @param version the version kept from an earlier session; used where the server offers versioning
   */
  load(version?: string): Promise<RosterAnswer>;
  onPush(listener: (push: RosterPush) => void): Unsubscribe;
  /** Adds or changes a contact (§2.3, §2.4): the whole of name and groups is replaced. */
  set(contact: {
    readonly jid: string;
    readonly name?: string;
    readonly groups?: readonly string[];
  }): Promise<void>;
  /** Removes a contact and ends both subscriptions (§2.5). */
  remove(jid: string): Promise<void>;
  /** Every (un)subscribe(d) presence from somebody else. */
  onSubscription(listener: (notice: SubscriptionNotice) => void): Unsubscribe;
  /** Asks to see a person's presence (§3.1). */
  subscribe(jid: string): void;
  /** Lets a person see ours (§3.1.5). */
  approve(jid: string): void;
  /** Stops seeing theirs (§3.3). */
  unsubscribe(jid: string): void;
  /** Declines a request, or takes back what was granted (§3.2). */
  refuse(jid: string): void;
}

/** All its promises reject with a StanzaError where the server refuses, or a ProblemError `server.no-answer`. */
export function roster(stream: XmppStream): Roster {
  const pushes = new Listeners<[RosterPush]>();
  const notices = new Listeners<[SubscriptionNotice]>();

  stream.onRequest('set', NAMESPACE, 'query', (query, iq) => {
    if (!isFromOwnAccount(iq, bareJid(stream.bareJid))) {
      throw new RequestRefusal('service-unavailable');
    }
    const push = pushIn(query);
    if (!push) throw new RequestRefusal('bad-request', 'modify');
    pushes.emit(push);
    return undefined;
  });

  stream.onStanza((stanza) => {
    const notice = noticeIn(stanza);
    if (notice && notice.jid !== bareJid(stream.bareJid)) notices.emit(notice);
  });

  async function change(item: Element): Promise<void> {
    await stream.request(xml('iq', { type: 'set' }, xml('query', { xmlns: NAMESPACE }, item)));
  }
  const say = (jid: string, type: SubscriptionNotice['kind']) =>
    stream.send(xml('presence', { to: bareJid(jid), type }));

  return {
    async load(version) {
      const versioned = stream.features?.getChild('ver', VERSIONING_NAMESPACE) !== undefined;
      const query = xml('query', {
        xmlns: NAMESPACE,
        ...(versioned ? { ver: version ?? '' } : {}),
      });
      const answer = await stream.request(xml('iq', { type: 'get' }, query));
      return answerIn(answer, versioned && version !== undefined);
    },
    onPush: (listener) => pushes.add(listener),
    set: ({ jid, name, groups = [] }) =>
      change(
        xml(
          'item',
          { jid: bareJid(jid), ...(name ? { name } : {}) },
          ...groups.map((group) => xml('group', {}, group)),
        ),
      ),
    remove: (jid) => change(xml('item', { jid: bareJid(jid), subscription: 'remove' })),
    onSubscription: (listener) => notices.add(listener),
    subscribe: (jid) => say(jid, 'subscribe'),
    approve: (jid) => say(jid, 'subscribed'),
    unsubscribe: (jid) => say(jid, 'unsubscribe'),
    refuse: (jid) => say(jid, 'unsubscribed'),
  };
}

function answerIn(iq: Element, mayBeUnchanged: boolean): RosterAnswer {
  const query = iq.getChild('query', NAMESPACE);
  if (!query && mayBeUnchanged) return { kind: 'unchanged' };
  const items = query?.getChildren('item', NAMESPACE).flatMap((item) => itemIn(item) ?? []) ?? [];
  const version = query && versionIn(query);
  return { kind: 'items', items, ...(version === undefined ? {} : { version }) };
}

function pushIn(query: Element): RosterPush | undefined {
  const [item, ...others] = query.getChildren('item', NAMESPACE);
  if (!item || others.length > 0) return undefined;
  const known = versionIn(query);
  const version = known === undefined ? {} : { version: known };
  const jid = address(item, 'jid');
  if (jid !== undefined && item.attrs.subscription === 'remove') {
    return { kind: 'removed', jid: bareJid(jid), ...version };
  }
  const read = itemIn(item);
  return read && { kind: 'item', item: read, ...version };
}

function itemIn(item: Element): RosterItem | undefined {
  const jid = address(item, 'jid');
  if (jid === undefined) return undefined;
  const name = typeof item.attrs.name === 'string' ? item.attrs.name.trim() : '';
  const groups = item
    .getChildren('group', NAMESPACE)
    .slice(0, MOST_GROUPS)
    .map((group) => bounded(group.getText(), LONGEST_NAME))
    .filter((group) => group !== '');
  return {
    jid: bareJid(jid),
    ...(name === '' ? {} : { name: bounded(name, LONGEST_NAME) }),
    subscription: subscriptionOf(item.attrs.subscription),
    asked: item.attrs.ask === 'subscribe',
    groups: [...new Set(groups)],
  };
}

function subscriptionOf(value: unknown): Subscription {
  return value === 'to' || value === 'from' || value === 'both' ? value : 'none';
}

/** The version of an answer or push; empty text is one (§2.6.1), and an absurd length is none. */
function versionIn(query: Element): string | undefined {
  return query.attrs.ver === '' ? '' : attribute(query, 'ver');
}

function noticeIn(stanza: Element): SubscriptionNotice | undefined {
  if (stanza.getName() !== 'presence') return undefined;
  const kind = NOTICES.find((known) => known === stanza.attrs.type);
  const from = address(stanza, 'from');
  if (!kind || from === undefined) return undefined;
  const text = childText(stanza, 'status', undefined, LONGEST_NAME);
  return { kind, jid: bareJid(from), ...(text === undefined ? {} : { text }) };
}

const NOTICES = ['subscribe', 'subscribed', 'unsubscribe', 'unsubscribed'] as const;
