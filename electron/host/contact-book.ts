/**
 * The contacts of one account: the roster (RFC 6121 §2), people who ask to be added, and who is around.
 * The roster is kept in the store so that it is there at once after a start; presence lives here, since
 * it is never older than the session. `AccountSession` feeds it, the contact commands read it.
 */
import type { Contact } from '../../shared/contract/records.ts';
import type { ContactsRepository, StoredContact } from '../store/store.ts';
import type { RosterItem } from '../xmpp/extensions/roster.ts';
import type { PublishedEvent } from './host-state.ts';

export interface ContactBookOptions {
  readonly accountId: string;
  readonly contacts: ContactsRepository;
  readonly publish: (event: PublishedEvent) => void;
}

export class ContactBook {
  readonly #options: ContactBookOptions;
  readonly #contacts = new Map<string, StoredContact>();
  /** Of everybody who is not offline, in the roster or not. */
  readonly #presences = new Map<string, Contact['presence']>();
  /** Names from vCards, which the roster's own name comes before. */
  readonly #nicknames = new Map<string, string>();

  constructor(options: ContactBookOptions) {
    this.#options = options;
  }

  /** Takes in what the store has, and tells it. */
  async load(): Promise<void> {
    for (const contact of await this.#options.contacts.list(this.#options.accountId)) {
      this.#contacts.set(contact.jid, contact);
      this.#tell(contact);
    }
  }

  get(jid: string): StoredContact | undefined {
    return this.#contacts.get(jid);
  }

  all(): StoredContact[] {
    return [...this.#contacts.values()];
  }

  isAvailable(jid: string): boolean {
    return this.#presences.has(jid);
  }

  /** The whole roster as the server has it: who is not in it is no contact any more. */
  async takeRoster(entries: readonly RosterItem[]): Promise<void> {
    const listed = new Set(entries.map((entry) => entry.jid));
    const gone = this.all().filter((contact) => contact.inRoster && !listed.has(contact.jid));
    await Promise.all([
      this.#put(entries.map((entry) => this.#merge(entry, this.#contacts.get(entry.jid)?.name))),
      ...gone.map((contact) => this.#outOfRoster(contact)),
    ]);
  }

  /** A roster push (RFC 6121 §2.1.6). */
  async takeEntry(entry: RosterItem): Promise<void> {
    await this.#put([this.#merge(entry, this.#nicknames.get(entry.jid))]);
  }

  /** A roster push with `subscription='remove'`. */
  async removeEntry(jid: string): Promise<void> {
    const contact = this.#contacts.get(jid);
    if (contact) await this.#outOfRoster(contact);
  }

  /** They ask to see our presence. */
  async requested(jid: string, name: string | undefined): Promise<void> {
    const contact = this.#contacts.get(jid);
    if (contact?.request) return;
    await this.#put([{ ...(contact ?? stranger(jid, name)), request: true }]);
  }

  /** Their request is answered, or taken back. */
  async requestDone(jid: string): Promise<void> {
    const contact = this.#contacts.get(jid);
    if (!contact?.request) return;
    if (contact.inRoster) await this.#put([{ ...contact, request: false }]);
    else await this.#forget(jid);
  }

  async setAvatar(jid: string, hash: string | undefined): Promise<void> {
    const contact = this.#contacts.get(jid);
    if (!contact || contact.avatar === hash) return;
    const { avatar: _old, ...rest } = contact;
    await this.#put([{ ...rest, ...(hash && { avatar: hash }) }]);
  }

  /** The name from their vCard, shown where the roster has none. */
  async setNickname(jid: string, nickname: string): Promise<void> {
    this.#nicknames.set(jid, nickname);
    const contact = this.#contacts.get(jid);
    if (contact && !contact.name) await this.#put([{ ...contact, name: nickname }]);
  }

  setPresence(jid: string, presence: Contact['presence']): void {
    if (presence.show === 'offline') this.#presences.delete(jid);
    else this.#presences.set(jid, presence);
    this.#tellJid(jid);
  }

  /** Nobody is known to be there: the account went offline. */
  forgetPresence(): void {
    const seen = [...this.#presences.keys()];
    this.#presences.clear();
    for (const jid of seen) this.#tellJid(jid);
  }

  #merge(entry: RosterItem, otherName: string | undefined): StoredContact {
    const known = this.#contacts.get(entry.jid);
    const name = entry.name ?? otherName;
    return {
      jid: entry.jid,
      ...(name && { name }),
      subscription: entry.subscription,
      asked: entry.asked,
      // Whoever already sees our presence has nothing left to ask.
      request: (known?.request ?? false) && !seesUs(entry),
      inRoster: true,
      groups: [...entry.groups],
      ...(known?.avatar && { avatar: known.avatar }),
    };
  }

  async #outOfRoster(contact: StoredContact): Promise<void> {
    this.#presences.delete(contact.jid);
    if (!contact.request) return this.#forget(contact.jid);
    await this.#put([
      { ...contact, inRoster: false, subscription: 'none', asked: false, groups: [] },
    ]);
  }

  async #put(contacts: readonly StoredContact[]): Promise<void> {
    for (const contact of contacts) this.#contacts.set(contact.jid, contact);
    await this.#options.contacts.put(this.#options.accountId, contacts);
    for (const { jid } of contacts) this.#tellJid(jid);
  }

  async #forget(jid: string): Promise<void> {
    const { accountId, contacts, publish } = this.#options;
    this.#contacts.delete(jid);
    await contacts.remove(accountId, jid);
    publish({ type: 'contact-removed', accountId, jid });
  }

  #tellJid(jid: string): void {
    const contact = this.#contacts.get(jid);
    if (contact) this.#tell(contact);
  }

  #tell(contact: StoredContact): void {
    const { accountId, publish } = this.#options;
    const presence = this.#presences.get(contact.jid) ?? { show: 'offline' };
    publish({ type: 'contact', accountId, contact: { ...contact, presence } });
  }
}

function seesUs(entry: RosterItem): boolean {
  return entry.subscription === 'from' || entry.subscription === 'both';
}

function stranger(jid: string, name: string | undefined): StoredContact {
  return {
    jid,
    ...(name && { name }),
    subscription: 'none',
    asked: false,
    request: false,
    inRoster: false,
    groups: [],
  };
}
