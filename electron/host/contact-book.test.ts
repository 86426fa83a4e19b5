import { describe, expect, it } from 'vitest';
import type { Contact } from '../../shared/contract/records.ts';
import type { StoredContact } from '../store/store.ts';
import type { RosterItem } from '../xmpp/extensions/roster.ts';
import { ContactBook } from './contact-book.ts';

const romeo = 'romeo@example.org';

function entry(change: Partial<RosterItem> = {}): RosterItem {
  return { jid: romeo, subscription: 'both', asked: false, groups: [], ...change };
}

function book(stored: StoredContact[] = []) {
  const kept = new Map(stored.map((contact) => [contact.jid, contact]));
  const told = new Map<string, Contact>();
  const contacts = new ContactBook({
    accountId: 'a',
    contacts: {
      list: async () => [...kept.values()],
      put: async (_account, changed) => {
        for (const contact of changed) kept.set(contact.jid, contact);
      },
      remove: async (_account, jid) => {
        kept.delete(jid);
      },
    },
    publish: (event) => {
      if (event.type === 'contact') told.set(event.contact.jid, event.contact);
      if (event.type === 'contact-removed') told.delete(event.jid);
    },
  });
  return { contacts, kept, told };
}

describe('ContactBook', () => {
  it('remembers a presence that came before the roster did', async () => {
    const { contacts, told } = book();
    contacts.setPresence(romeo, { show: 'dnd' });
    expect(told.size).toBe(0);
    await contacts.takeRoster([entry()]);
    expect(told.get(romeo)?.presence.show).toBe('dnd');
  });

  it('drops whoever is not in the roster any more, but not those who ask to be', async () => {
    const { contacts, told, kept } = book();
    await contacts.takeRoster([entry(), entry({ jid: 'nurse@example.org' })]);
    await contacts.requested('tybalt@example.org', undefined);
    await contacts.takeRoster([entry()]);
    expect([...told.keys()].sort()).toEqual([romeo, 'tybalt@example.org']);
    expect([...kept.keys()].sort()).toEqual([romeo, 'tybalt@example.org']);
  });

  it('keeps a request until it is answered, even when the person is taken off the roster', async () => {
    const { contacts, told } = book();
    await contacts.takeEntry(entry({ subscription: 'to' }));
    await contacts.requested(romeo, undefined);
    await contacts.removeEntry(romeo);
    expect(told.get(romeo)).toMatchObject({ request: true, inRoster: false });
    await contacts.requestDone(romeo);
    expect(told.has(romeo)).toBe(false);
  });

  it('takes a request as answered once they see our presence', async () => {
    const { contacts, told } = book();
    await contacts.requested(romeo, undefined);
    await contacts.takeEntry(entry({ subscription: 'from' }));
    expect(told.get(romeo)).toMatchObject({ request: false, inRoster: true });
  });

  it("prefers the roster's name to the vCard's, and falls back to it", async () => {
    const { contacts, told } = book();
    await contacts.takeEntry(entry());
    await contacts.setNickname(romeo, 'Romeo Montague');
    expect(told.get(romeo)?.name).toBe('Romeo Montague');
    await contacts.takeEntry(entry({ name: 'My Romeo' }));
    expect(told.get(romeo)?.name).toBe('My Romeo');
    await contacts.takeEntry(entry());
    expect(told.get(romeo)?.name).toBe('Romeo Montague');
  });

  it('shows everybody as offline once the account is', async () => {
    const { contacts, told } = book();
    await contacts.takeEntry(entry());
    contacts.setPresence(romeo, { show: 'online' });
    contacts.forgetPresence();
    expect(told.get(romeo)?.presence).toEqual({ show: 'offline' });
    expect(contacts.isAvailable(romeo)).toBe(false);
  });

  it('has the contacts of the store at once', async () => {
    const stored: StoredContact = {
      jid: romeo,
      name: 'Romeo',
      subscription: 'both',
      asked: false,
      request: false,
      inRoster: true,
      groups: [],
    };
    const { contacts, told } = book([stored]);
    await contacts.load();
    expect(told.get(romeo)).toEqual({ ...stored, presence: { show: 'offline' } });
  });
});
