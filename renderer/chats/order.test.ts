import { describe, expect, it } from 'vitest';
import type { Account, Chat } from '../../shared/contract/records.ts';
import type { AccountState } from '../state/state.ts';
import { chatsInOrder, matches } from './order.ts';

function accountWith(id: string, chats: readonly Chat[]): [string, AccountState] {
  const account: Account = {
    id,
    jid: `me@${id}.example`,
    enabled: true,
    connection: { phase: 'online', since: 1 },
  };
  return [
    id,
    {
      account,
      contacts: new Map(),
      chats: new Map(chats.map((chat) => [chat.jid, chat])),
      conversations: new Map(),
    },
  ];
}

function chat(jid: string, at?: number): Chat {
  const lastMessage =
    at === undefined
      ? {}
      : {
          lastMessage: {
            id: jid,
            chat: jid,
            outgoing: false,
            body: '',
            at,
            position: at,
            state: 'received' as const,
          },
        };
  return { jid, unread: 0, draft: '', ...lastMessage };
}

describe('the chats of all accounts', () => {
  it('stand in the order of their last messages, those without one at the end by name', () => {
    const accounts = new Map([
      accountWith('a', [chat('old@x', 1), chat('zoe@x'), chat('new@x', 3)]),
      accountWith('b', [chat('middle@x', 2), chat('abe@x')]),
    ]);
    expect(chatsInOrder(accounts).map(({ key }) => key)).toEqual([
      { accountId: 'a', jid: 'new@x' },
      { accountId: 'b', jid: 'middle@x' },
      { accountId: 'a', jid: 'old@x' },
      { accountId: 'b', jid: 'abe@x' },
      { accountId: 'a', jid: 'zoe@x' },
    ]);
  });
});

describe('a search', () => {
  it('finds every word in the name or the address, whatever the case', () => {
    expect(matches('köh ANN', 'Anna Köhler', 'ak@example.org')).toBe(true);
    expect(matches('example', 'Anna Köhler', 'ak@example.org')).toBe(true);
    expect(matches('anna bob', 'Anna Köhler', 'ak@example.org')).toBe(false);
    expect(matches('', 'Anna Köhler', 'ak@example.org')).toBe(true);
  });
});
