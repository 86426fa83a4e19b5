import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../shared/contract/events.ts';
import type { Account, Chat } from '../../shared/contract/records.ts';
import { HostState } from './host-state.ts';

const account: Account = {
  id: 'a',
  jid: 'juliet@example.org',
  enabled: true,
  connection: { phase: 'offline', since: 0 },
};

const chat = (unread: number): Chat => ({ jid: 'romeo@example.org', unread, draft: '' });

describe('HostState', () => {
  it('begins every subscription with a snapshot and misses nothing after it', () => {
    const state = new HostState(() => {});
    state.publish({ type: 'account', account });
    state.publish({ type: 'chat', accountId: 'a', chat: chat(1) });
    const heard: HostEvent[] = [];
    state.subscribe((event) => heard.push(event));
    state.publish({ type: 'chat', accountId: 'a', chat: chat(2) });
    expect(heard.map((event) => event.type)).toEqual(['snapshot', 'chat']);
    expect(heard[0]).toMatchObject({
      snapshot: { accounts: [{ account: { id: 'a' }, chats: [{ unread: 1 }] }] },
    });
  });

  it('holds the last record of each thing', () => {
    const state = new HostState(() => {});
    state.publish({ type: 'account', account });
    for (const unread of [1, 2, 3]) {
      state.publish({ type: 'chat', accountId: 'a', chat: chat(unread) });
    }
    expect(state.snapshot().accounts[0]?.chats).toEqual([chat(3)]);
  });

  it('does not bring a removed account back', () => {
    const state = new HostState(() => {});
    const heard: HostEvent[] = [];
    state.publish({ type: 'account', account });
    state.publish({ type: 'account-removed', accountId: 'a' });
    state.subscribe((event) => heard.push(event));
    state.publish({ type: 'chat', accountId: 'a', chat: chat(1) });
    expect(heard).toHaveLength(1);
    expect(state.snapshot().accounts).toEqual([]);
  });

  it('stops telling a listener that left', () => {
    const state = new HostState(() => {});
    const heard: HostEvent[] = [];
    const leave = state.subscribe((event) => heard.push(event));
    leave();
    state.publish({ type: 'account', account });
    expect(heard).toHaveLength(1);
  });

  it('lets no listener that fails keep the others from hearing', () => {
    const lines: string[] = [];
    const state = new HostState((line) => lines.push(line));
    const heard: HostEvent[] = [];
    state.subscribe(() => {
      throw new Error('window gone');
    });
    state.subscribe((event) => heard.push(event));
    state.publish({ type: 'account', account });
    expect(heard.map((event) => event.type)).toEqual(['snapshot', 'account']);
    expect(lines.join()).toContain('window gone');
  });

  it('keeps notices for those who come later', () => {
    const state = new HostState(() => {});
    const notice = {
      code: 'app.store-damaged',
      source: 'app' as const,
      message: 'The database was damaged.',
      advice: '',
      retry: 'never' as const,
    };
    state.publish({ type: 'notice', notice });
    expect(state.snapshot().notices).toEqual([notice]);
  });
});
