import { describe, expect, it } from 'vitest';
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { CommandOutput } from '../../shared/contract/commands.ts';
import type { HostEvent } from '../../shared/contract/events.ts';
import type { Message } from '../../shared/contract/records.ts';
import { ProblemError } from '../../shared/problem.ts';
import { createPageStore } from './page-store.ts';

const chat = { accountId: 'a', jid: 'ann@example.org' };

function message(position: number): Message {
  return {
    id: `m${position}`,
    chat: 'ann@example.org',
    outgoing: false,
    body: 'Hello',
    at: position,
    position,
    state: 'received',
  };
}

function storeWith(load: (input: { before?: number }) => Promise<CommandOutput<'messages.load'>>) {
  let emit: (event: HostEvent) => void = () => {};
  let link: (connected: boolean) => void = () => {};
  const bridge = {
    commands: { 'messages.load': load },
    subscribe(listener: (event: HostEvent) => void) {
      emit = listener;
      return () => {};
    },
    onLink(listener: (connected: boolean) => void) {
      link = listener;
      return () => {};
    },
  } as unknown as Bridge;
  const store = createPageStore(bridge);
  emit({
    type: 'account',
    account: {
      id: 'a',
      jid: 'me@example.org',
      enabled: true,
      connection: { phase: 'online', since: 1 },
    },
  });
  const conversation = () =>
    store.getState().accounts.get('a')?.conversations.get('ann@example.org');
  return {
    store,
    conversation,
    emit: (event: HostEvent) => emit(event),
    link: (up: boolean) => link(up),
  };
}

describe('the store of the page', () => {
  it('asks for what is older than the first message it holds', async () => {
    const asked: (number | undefined)[] = [];
    const { store, conversation } = storeWith(async ({ before }) => {
      asked.push(before);
      return before === undefined
        ? { messages: [message(5), message(6)], atStart: false }
        : { messages: [message(4)], atStart: true };
    });
    await store.load(chat, 'newest');
    await store.load(chat, 'older');
    expect(asked).toEqual([undefined, 5]);
    expect(conversation()?.messages.map(({ position }) => position)).toEqual([4, 5, 6]);
  });

  it('keeps the problem of a load that was refused', async () => {
    const problem = {
      code: 'app.host-gone',
      source: 'app',
      message: 'Holdfast is not running.',
      advice: '',
      retry: 'later',
    } as const;
    const { store, conversation } = storeWith(() => Promise.reject(new ProblemError(problem)));
    await store.load(chat, 'newest');
    expect(conversation()).toMatchObject({ loaded: false, problem });
  });

  it('tells its listeners of every change, and of nothing else', () => {
    const { store, emit } = storeWith(() => new Promise(() => {}));
    let told = 0;
    const stop = store.subscribe(() => {
      told += 1;
    });
    emit({ type: 'chat', accountId: 'a', chat: { jid: chat.jid, unread: 1, draft: '' } });
    emit({ type: 'chat', accountId: 'unknown', chat: { jid: chat.jid, unread: 1, draft: '' } });
    stop();
    emit({ type: 'account-removed', accountId: 'a' });
    expect(told).toBe(1);
  });

  it('knows whether the link to the host stands', () => {
    const { store, link } = storeWith(() => new Promise(() => {}));
    link(true);
    expect(store.getState().link).toBe('up');
    link(false);
    expect(store.getState().link).toBe('lost');
  });
});
