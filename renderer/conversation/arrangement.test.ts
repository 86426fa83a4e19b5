import { describe, expect, it } from 'vitest';
import type { Message } from '../../shared/contract/records.ts';
import { arrange, firstUnread } from './arrangement.ts';

const MINUTE = 60_000;
const noon = new Date(2026, 7, 26, 12).getTime();

function message(id: string, at: number, change: Partial<Message> = {}): Message {
  return {
    id,
    chat: 'ann@example.org',
    outgoing: false,
    body: id,
    at,
    position: at,
    state: 'received',
    ...change,
  };
}

describe('the arrangement of messages', () => {
  it('begins a day with the first message of all', () => {
    expect(arrange(undefined, message('a', noon), undefined, undefined)).toEqual({
      startsDay: true,
      startsGroup: true,
      endsGroup: true,
    });
  });

  it('begins a day after midnight, and a group with it', () => {
    const before = message('a', new Date(2026, 7, 25, 23, 59).getTime());
    const after = message('b', new Date(2026, 7, 26, 0, 1).getTime());
    expect(arrange(before, after, undefined, undefined)).toMatchObject({
      startsDay: true,
      startsGroup: true,
    });
  });

  it('groups what one person says within five minutes', () => {
    const [a, b, c] = [0, 4, 8].map((minutes) => message(`${minutes}`, noon + minutes * MINUTE));
    expect(b && arrange(a, b, c, undefined)).toEqual({
      startsDay: false,
      startsGroup: false,
      endsGroup: false,
    });
  });

  it('parts groups at another person, a pause, a failure and the line of unread messages', () => {
    const first = message('a', noon);
    const parts = (later: Message, earlier = first, unreadFrom?: string) =>
      arrange(earlier, later, undefined, unreadFrom).startsGroup;
    expect(parts(message('b', noon + 1, { outgoing: true, state: 'sent' }))).toBe(true);
    expect(parts(message('b', noon + 6 * MINUTE))).toBe(true);
    expect(parts(message('b', noon + 1), first, 'b')).toBe(true);
    const failed = message('a', noon, { outgoing: true, state: 'failed' });
    expect(parts(message('b', noon + 1, { outgoing: true, state: 'sent' }), failed)).toBe(true);
    expect(parts(message('b', noon + 1))).toBe(false);
  });
});

describe('the line of unread messages', () => {
  const messages = [
    message('a', 1),
    message('b', 2),
    message('mine', 3, { outgoing: true, state: 'sent' }),
    message('c', 4),
  ];

  it('stands before the first of so many incoming messages', () => {
    expect(firstUnread(messages, 2)).toBe('b');
  });

  it('is not there where nothing is unread, or where the first unread one is not loaded', () => {
    expect(firstUnread(messages, 0)).toBeUndefined();
    expect(firstUnread(messages, 9)).toBeUndefined();
  });
});
