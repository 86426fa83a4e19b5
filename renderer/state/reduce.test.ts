import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../shared/contract/events.ts';
import type { Account, Chat, Contact, Message } from '../../shared/contract/records.ts';
import type { Problem } from '../../shared/problem.ts';
import { type PageEvent, reduce } from './reduce.ts';
import { initialState, type State } from './state.ts';

const account: Account = {
  id: 'a',
  jid: 'me@example.org',
  enabled: true,
  connection: { phase: 'online', since: 1 },
};
const contact: Contact = {
  jid: 'ann@example.org',
  name: 'Ann',
  subscription: 'both',
  asked: false,
  request: false,
  inRoster: true,
  groups: [],
  presence: { show: 'online' },
};
const chat: Chat = { jid: 'ann@example.org', unread: 0, draft: '' };
const message: Message = {
  id: 'm1',
  chat: 'ann@example.org',
  outgoing: false,
  body: 'Hello',
  at: 1,
  position: 1,
  state: 'received',
};
const notice: Problem = {
  code: 'app.store-damaged',
  source: 'app',
  message: 'The database was damaged.',
  advice: '',
  retry: 'never',
};
const key = { accountId: 'a', jid: 'ann@example.org' };

function snapshot(change: Partial<{ notices: Problem[] }> = {}): HostEvent {
  return {
    type: 'snapshot',
    snapshot: {
      accounts: [{ account, contacts: [contact], chats: [chat] }],
      notices: change.notices ?? [],
    },
  };
}

function stateAfter(...events: (HostEvent | PageEvent)[]): State {
  return events.reduce(reduce, initialState);
}

describe('the state of the page', () => {
  it('is not ready before the first snapshot', () => {
    expect(initialState.ready).toBe(false);
    expect(stateAfter(snapshot()).ready).toBe(true);
  });

  it('takes a snapshot in place of everything before', () => {
    const other: Account = { ...account, id: 'b', jid: 'you@example.org' };
    const state = stateAfter({ type: 'account', account: other }, snapshot());
    expect([...state.accounts.keys()]).toEqual(['a']);
    expect(state.accounts.get('a')?.contacts.get('ann@example.org')).toEqual(contact);
    expect(state.accounts.get('a')?.chats.get('ann@example.org')).toEqual(chat);
  });

  it('keeps an open conversation over a snapshot, to be loaded again', () => {
    const page = { messages: [message], atStart: true };
    const state = stateAfter(
      snapshot(),
      { type: 'load-began', chat: key, load: 1, part: 'newest' },
      { type: 'load-ended', chat: key, load: 1, page },
      snapshot(),
    );
    const conversation = state.accounts.get('a')?.conversations.get('ann@example.org');
    expect(conversation).toMatchObject({ messages: [message], stale: true });
  });

  it('adds an account that appears and forgets one that is removed', () => {
    const added = stateAfter({ type: 'account', account });
    expect(added.accounts.get('a')?.account).toEqual(account);
    expect(reduce(added, { type: 'account-removed', accountId: 'a' }).accounts.size).toBe(0);
  });

  it('changes an account without losing what belongs to it', () => {
    const failed: Account = { ...account, connection: { phase: 'failed', since: 2 } };
    const state = stateAfter(snapshot(), { type: 'account', account: failed });
    expect(state.accounts.get('a')?.account.connection.phase).toBe('failed');
    expect(state.accounts.get('a')?.contacts.size).toBe(1);
  });

  it('takes in and forgets contacts and chats', () => {
    const bob = { ...contact, jid: 'bob@example.org' };
    const state = stateAfter(
      snapshot(),
      { type: 'contact', accountId: 'a', contact: bob },
      { type: 'contact-removed', accountId: 'a', jid: 'ann@example.org' },
      { type: 'chat', accountId: 'a', chat: { ...chat, unread: 2 } },
    );
    expect([...(state.accounts.get('a')?.contacts.keys() ?? [])]).toEqual(['bob@example.org']);
    expect(state.accounts.get('a')?.chats.get('ann@example.org')?.unread).toBe(2);
    const gone = reduce(state, { type: 'chat-removed', accountId: 'a', jid: 'ann@example.org' });
    expect(gone.accounts.get('a')?.chats.size).toBe(0);
  });

  it('does not collect messages of conversations that were never opened', () => {
    const before = stateAfter(snapshot());
    expect(reduce(before, { type: 'message', accountId: 'a', message })).toBe(before);
  });

  it('ignores events about an account it does not know', () => {
    const before = stateAfter(snapshot());
    expect(reduce(before, { type: 'contact', accountId: 'gone', contact })).toBe(before);
    expect(reduce(before, { type: 'message', accountId: 'gone', message })).toBe(before);
  });

  it('takes a health reading, and its absence', () => {
    const health = { state: 'open' } as never;
    const shown = stateAfter(snapshot(), { type: 'health', accountId: 'a', health });
    expect(shown.health.get('a')).toBe(health);
    const none = reduce(shown, { type: 'health', accountId: 'a' });
    expect(none.health.has('a')).toBe(false);
    const removed = reduce(shown, { type: 'account-removed', accountId: 'a' });
    expect(removed.health.size).toBe(0);
  });

  it('keeps a draft at once, before the host has confirmed it', () => {
    const state = stateAfter(snapshot(), { type: 'draft-kept', chat: key, draft: 'Half a' });
    expect(state.accounts.get('a')?.chats.get('ann@example.org')?.draft).toBe('Half a');
  });

  it('tells a notice once, and not again after it was put away', () => {
    const told = stateAfter(snapshot({ notices: [notice] }), { type: 'notice', notice });
    expect(told.notices).toEqual([notice]);
    const dismissed = reduce(told, { type: 'notice-dismissed', notice });
    expect(dismissed.notices).toEqual([]);
    expect(reduce(dismissed, snapshot({ notices: [notice] })).notices).toEqual([]);
  });

  it('stays locked whatever the link does', () => {
    const locked = stateAfter({ type: 'link', link: 'locked' }, { type: 'link', link: 'lost' });
    expect(locked.link).toBe('locked');
  });
});
