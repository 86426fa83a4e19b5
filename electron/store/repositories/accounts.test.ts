import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  accountNamed,
  openScratchStore,
  type ScratchStore,
  sessionFrom,
} from '../scratch-store.ts';
import type { StoredAccount, StoredContact } from '../store.ts';

let store: ScratchStore;
beforeEach(() => {
  store = openScratchStore();
});
afterEach(() => store.remove());

const full: StoredAccount = {
  ...accountNamed('full'),
  enabled: false,
  endpoint: 'https://here/bosh',
  name: 'Juliet',
  avatar: 'abc',
  archiveCursor: 'cursor',
  catchUpUnfinished: true,
  rosterVersion: 'v1',
  token: '1.sealed-token',
  clientState: 'inactive',
  lowData: true,
};

describe('accounts', () => {
  it('come back as they were put in, in that order', () => {
    store.accounts.insert(full);
    expect(store.accounts.list()).toEqual([accountNamed(ACCOUNT), full]);
  });

  it('change field by field, and a field set to null is gone', () => {
    store.accounts.insert(full);
    store.accounts.update('full', {
      enabled: true,
      endpoint: null,
      archiveCursor: '',
      catchUpUnfinished: false,
    });
    const { endpoint, ...rest } = full;
    expect(store.accounts.list()[1]).toEqual({
      ...rest,
      enabled: true,
      archiveCursor: '',
      catchUpUnfinished: false,
    });
    expect(store.accounts.list()[0]).toEqual(accountNamed(ACCOUNT));
  });

  it('go with everything kept for them, and leave the others alone', () => {
    for (const id of ['gone', 'stays']) {
      store.accounts.insert(accountNamed(id));
      store.contacts.put(id, [contact('c@there')]);
      store.messages.insertOutgoing(id, { id: `${id}-1`, chat: 'c@there', body: 'b', at: 1 });
      store.messages.take(id, [{ chat: 'c@there', outgoing: false, body: 'b', at: 1 }], 'end');
      store.sessions.begin(id, sessionFrom(1));
      store.sessions.append(id, { rid: 1, body: '<body/>', messageIds: [`${id}-1`] });
      store.sessions.answered(id, 1, '<message/>', 1);
      store.avatars.put(id, 'hash', 'image/png', new Uint8Array([1]));
    }
    store.accounts.remove('gone');
    const rows = (table: string) =>
      store.database.first<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)?.count;
    expect(['contacts', 'chats', 'messages', 'sessions', 'payloads', 'avatars'].map(rows)).toEqual([
      1, 1, 2, 1, 1, 1,
    ]);
    expect(store.accounts.list().map(({ id }) => id)).toEqual([ACCOUNT, 'stays']);
    expect(store.messages.get('stays', 'stays-1')?.state).toBe('sent');
  });

  it('that are gone read as empty, ignore changes and refuse new things', () => {
    expect(store.contacts.list('gone')).toEqual([]);
    expect(store.chats.list('gone')).toEqual([]);
    expect(store.messages.page('gone', 'a@b', undefined, 10)).toEqual([]);
    expect(store.sessions.load('gone')).toBeUndefined();
    expect(store.sessions.unprocessed('gone')).toEqual([]);
    store.sessions.end('gone');
    store.sessions.processed('gone', 1);
    expect(store.sessions.answered('gone', 1, '<message/>', 1)).toEqual([]);
    expect(store.messages.setState('gone', ['id'], 'sent')).toEqual([]);
    store.accounts.update('gone', { name: 'nobody' });
    const arrived = { chat: 'a@b', outgoing: false, body: 'b', at: 1 };
    expect(() => store.messages.take('gone', [arrived], 'end')).toThrow();
    expect(() => store.sessions.begin('gone', sessionFrom(1))).toThrow();
  });
});

describe('contacts', () => {
  it('come back as they were put in, and the last word counts', () => {
    const juliet: StoredContact = {
      ...contact('juliet@there'),
      name: 'Juliet',
      asked: true,
      groups: ['Friends', 'Verona'],
      avatar: 'abc',
    };
    store.contacts.put(ACCOUNT, [juliet, contact('benvolio@there')]);
    expect(store.contacts.list(ACCOUNT)).toEqual([contact('benvolio@there'), juliet]);
    store.contacts.put(ACCOUNT, [{ ...contact('juliet@there'), request: true }]);
    store.contacts.remove(ACCOUNT, 'benvolio@there');
    expect(store.contacts.list(ACCOUNT)).toEqual([{ ...contact('juliet@there'), request: true }]);
  });
});

describe('avatars', () => {
  it('come back byte for byte', () => {
    const bytes = new Uint8Array(70_000).map((_, index) => index % 251);
    store.avatars.put(ACCOUNT, 'hash', 'image/png', bytes);
    store.avatars.put(ACCOUNT, 'hash', 'image/webp', bytes);
    expect(store.avatars.get(ACCOUNT, 'hash')).toEqual({ type: 'image/webp', bytes });
    expect(store.avatars.get(ACCOUNT, 'other')).toBeUndefined();
  });
});

function contact(jid: string): StoredContact {
  return { jid, subscription: 'both', asked: false, request: false, inRoster: true, groups: [] };
}
