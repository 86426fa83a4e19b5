/**
 * An account's contacts and who may see whose presence (RFC 6121 §2 and §3), as the server keeps it: what each
 * word about a subscription changes. `account-presence.ts` carries the words and tells the devices.
 */
import xml, { type Element } from '@xmpp/xml';

export const NS_ROSTER = 'jabber:iq:roster';

export interface RosterEntry {
  /** Bare. */
  readonly jid: string;
  readonly name?: string;
  readonly groups: readonly string[];
  /** We see theirs. */
  readonly to: boolean;
  /** They see ours. */
  readonly from: boolean;
  /** We asked to see theirs. */
  readonly asked: boolean;
}

/** What one side says to the other about a subscription. */
export const SUBSCRIPTION_WORDS = [
  'subscribe',
  'subscribed',
  'unsubscribe',
  'unsubscribed',
] as const;
export type SubscriptionWord = (typeof SUBSCRIPTION_WORDS)[number];

/** What the words we say change, and those we hear. */
const SAID: Readonly<Record<SubscriptionWord, Partial<RosterEntry>>> = {
  subscribe: { asked: true },
  unsubscribe: { to: false, asked: false },
  subscribed: { from: true },
  unsubscribed: { from: false },
};
const HEARD: Readonly<Record<SubscriptionWord, Partial<RosterEntry>>> = {
  subscribe: {},
  unsubscribe: { from: false },
  subscribed: { to: true, asked: false },
  unsubscribed: { to: false, asked: false },
};

export class Roster {
  readonly #entries = new Map<string, RosterEntry>();

  get(jid: string): RosterEntry | undefined {
    return this.#entries.get(jid);
  }

  all(): RosterEntry[] {
    return [...this.#entries.values()];
  }

  set(entry: RosterEntry): void {
    this.#entries.set(entry.jid, entry);
  }

  /** Sets name and groups; what is agreed about presence stays (§2.4). */
  edit(
    jid: string,
    edited: { readonly name?: string; readonly groups: readonly string[] },
  ): RosterEntry {
    const { to, from, asked } = this.#entries.get(jid) ?? { to: false, from: false, asked: false };
    const entry = { jid, to, from, asked, ...edited };
    this.set(entry);
    return entry;
  }

  remove(jid: string): RosterEntry | undefined {
    const entry = this.#entries.get(jid);
    this.#entries.delete(jid);
    return entry;
  }

  /** The entry a word changed; undefined where it changed nothing that anybody sees. */
  said(word: SubscriptionWord, jid: string): RosterEntry | undefined {
    const isNew = !this.#entries.has(jid);
    // Only asking, and agreeing, puts somebody on the list.
    if (isNew && (word === 'unsubscribe' || word === 'unsubscribed')) return undefined;
    if (word === 'subscribe' && this.#entries.get(jid)?.to) return undefined;
    return this.#change(jid, SAID[word]);
  }

  heard(word: SubscriptionWord, jid: string): RosterEntry | undefined {
    const entry = this.#entries.get(jid);
    // An agreement nobody asked for is none (§3.1.6).
    if (!entry || (word === 'subscribed' && !entry.asked)) return undefined;
    return this.#change(jid, HEARD[word]);
  }

  #change(jid: string, change: Partial<RosterEntry>): RosterEntry | undefined {
    const before = this.#entries.get(jid) ?? {
      ...{ jid, groups: [], to: false, from: false, asked: false },
    };
    const after = { ...before, ...change };
    const fields = ['to', 'from', 'asked'] as const;
    if (fields.every((field) => before[field] === after[field])) return undefined;
    this.set(after);
    return after;
  }
}

/** A contact as devices see it (§2.1.2). */
export function rosterItem({ jid, name, groups, to, from, asked }: RosterEntry): Element {
  const subscription = to ? (from ? 'both' : 'to') : from ? 'from' : 'none';
  return xml(
    'item',
    { jid, subscription, ...(name && { name }), ...(asked && { ask: 'subscribe' }) },
    ...groups.map((group) => xml('group', {}, group)),
  );
}
