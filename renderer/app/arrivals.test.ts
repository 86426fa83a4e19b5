import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../shared/contract/events.ts';
import type { Message } from '../../shared/contract/records.ts';
import { reduce } from '../state/reduce.ts';
import { initialState, type State } from '../state/state.ts';
import { arrivalsBetween, arrivalWords } from './arrivals.ts';

function message(id: string, outgoing: boolean, body = 'Hello'): Message {
  return {
    id,
    chat: 'ann@example.org',
    outgoing,
    body,
    at: 1,
    position: 1,
    state: outgoing ? 'sent' : 'received',
  };
}

function chatEvent(unread: number, lastMessage?: Message): HostEvent {
  const last = lastMessage ? { lastMessage } : {};
  return {
    type: 'chat',
    accountId: 'a',
    chat: { jid: 'ann@example.org', unread, draft: '', ...last },
  };
}

const start: State = reduce(initialState, {
  type: 'account',
  account: {
    id: 'a',
    jid: 'me@example.org',
    enabled: true,
    connection: { phase: 'online', since: 1 },
  },
});

function arrivals(before: State, after: State) {
  return arrivalsBetween(before.accounts, after.accounts);
}

describe('arrivals', () => {
  it('are new incoming messages that nobody has read', () => {
    const after = reduce(start, chatEvent(1, message('m1', false)));
    expect(arrivals(start, after).map(({ message: { id } }) => id)).toEqual(['m1']);
  });

  it('are not our own messages, nor a chat that was read', () => {
    const one = reduce(start, chatEvent(1, message('m1', false)));
    expect(arrivals(one, reduce(one, chatEvent(0, message('m1', false))))).toEqual([]);
    expect(arrivals(one, reduce(one, chatEvent(0, message('m2', true))))).toEqual([]);
  });

  it('are not what a first snapshot brings', () => {
    const after = reduce(start, chatEvent(1, message('m1', false)));
    expect(arrivals(initialState, after)).toEqual([]);
  });

  it('are said with who and what, several as a count, and never at length', () => {
    const one = { from: 'Ann', message: message('m1', false) };
    expect(arrivalWords([one])).toBe('Ann: Hello');
    expect(arrivalWords([one, one])).toBe('2 new messages.');
    const long = { from: 'Ann', message: message('m1', false, 'x'.repeat(5000)) };
    expect(arrivalWords([long]).length).toBeLessThan(250);
  });
});
