import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, openScratchStore, type ScratchStore } from '../scratch-store.ts';

const PEER = 'juliet@there';
let store: ScratchStore;
let count: number;
beforeEach(() => {
  store = openScratchStore();
  count = 0;
});
afterEach(() => store.remove());

function arrive(place: 'end' | 'start', from: 'them' | 'us', chat = PEER, at = 1000) {
  count += 1;
  const arrived = { chat, outgoing: from === 'us', body: `b${count}`, at, messageId: `m${count}` };
  return store.messages.take(ACCOUNT, [arrived], place).added;
}
const unread = (chat = PEER) => store.chats.get(ACCOUNT, chat)?.unread;

describe('a chat', () => {
  it('is made by opening it, once', () => {
    const empty = { jid: PEER, unread: 0, draft: '' };
    expect(store.chats.get(ACCOUNT, PEER)).toBeUndefined();
    expect(store.chats.open(ACCOUNT, PEER)).toEqual(empty);
    expect(store.chats.open(ACCOUNT, PEER)).toEqual(empty);
    expect(store.chats.list(ACCOUNT)).toEqual([empty]);
  });

  it('is made by the first message, a draft, or marking it', () => {
    arrive('end', 'them', 'a@b');
    store.chats.saveDraft(ACCOUNT, 'c@d', 'dear');
    store.chats.setArchiveExhausted(ACCOUNT, 'e@f');
    expect(store.chats.markRead(ACCOUNT, 'g@h')).toEqual({ jid: 'g@h', unread: 0, draft: '' });
    const jids = store.chats.list(ACCOUNT).map(({ jid }) => jid);
    expect(jids.sort()).toEqual(['a@b', 'c@d', 'e@f', 'g@h']);
  });

  it('keeps its draft, and whether the archive has more', () => {
    store.chats.saveDraft(ACCOUNT, PEER, 'dear');
    store.chats.saveDraft(ACCOUNT, PEER, 'dear Juliet');
    expect(store.chats.get(ACCOUNT, PEER)?.draft).toBe('dear Juliet');
    expect(store.chats.isArchiveExhausted(ACCOUNT, PEER)).toBe(false);
    store.chats.setArchiveExhausted(ACCOUNT, PEER);
    expect(store.chats.isArchiveExhausted(ACCOUNT, PEER)).toBe(true);
    expect(store.chats.isArchiveExhausted(ACCOUNT, 'nobody@there')).toBe(false);
  });

  it('shows the last message, one that still waits before all', () => {
    arrive('end', 'them');
    const waiting = store.messages.insertOutgoing(ACCOUNT, {
      id: 'w',
      chat: PEER,
      body: 'w',
      at: 5,
    });
    arrive('end', 'them');
    expect(store.chats.get(ACCOUNT, PEER)?.lastMessage).toEqual(waiting);
  });

  it('comes first in the list where something happened last', () => {
    arrive('end', 'them', 'old@there', 1000);
    arrive('end', 'them', 'new@there', 3000);
    arrive('end', 'them', 'middle@there', 2000);
    store.chats.open(ACCOUNT, 'opened-now@there');
    expect(store.chats.list(ACCOUNT).map(({ jid }) => jid)).toEqual([
      'opened-now@there',
      'new@there',
      'middle@there',
      'old@there',
    ]);
  });
});

describe('unread', () => {
  it('counts what came from them since it was read', () => {
    arrive('end', 'them');
    arrive('end', 'them');
    expect(unread()).toBe(2);
    expect(store.chats.markRead(ACCOUNT, PEER).unread).toBe(0);
    arrive('end', 'them');
    expect(unread()).toBe(1);
  });

  it('does not count history', () => {
    arrive('start', 'them');
    expect(unread()).toBe(0);
    arrive('end', 'them');
    arrive('start', 'them');
    expect(unread()).toBe(1);
    store.chats.markRead(ACCOUNT, PEER);
    arrive('start', 'them');
    expect(unread()).toBe(0);
  });

  it('counts what comes after history that was partly known', () => {
    const old = { chat: PEER, outgoing: false, body: 'old', at: 1, messageId: 'old' };
    store.messages.take(ACCOUNT, [old, old, old], 'start');
    arrive('end', 'them');
    expect(unread()).toBe(1);
  });

  it('ends where we have written from another device', () => {
    arrive('end', 'them');
    arrive('end', 'us');
    expect(unread()).toBe(0);
    arrive('end', 'them');
    expect(unread()).toBe(1);
  });

  it('does not end where we had written from another device long ago', () => {
    arrive('end', 'them');
    arrive('start', 'us');
    expect(unread()).toBe(1);
  });

  it('does not end with what we have only written here', () => {
    arrive('end', 'them');
    store.messages.insertOutgoing(ACCOUNT, { id: 'w', chat: PEER, body: 'w', at: 5 });
    expect(unread()).toBe(1);
    store.chats.markRead(ACCOUNT, PEER);
    arrive('end', 'them');
    expect(unread()).toBe(1);
  });

  it('ends in the middle of what arrives together', () => {
    const message = (outgoing: boolean, id: string) => ({
      chat: PEER,
      outgoing,
      body: id,
      at: 1,
      messageId: id,
    });
    store.messages.take(
      ACCOUNT,
      [message(false, '1'), message(true, '2'), message(false, '3'), message(false, '4')],
      'end',
    );
    expect(unread()).toBe(2);
  });
});
