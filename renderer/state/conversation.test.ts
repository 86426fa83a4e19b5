import { describe, expect, it } from 'vitest';
import type { Message } from '../../shared/contract/records.ts';
import {
  beginLoad,
  dropMessage,
  emptyConversation,
  endLoad,
  failLoad,
  markStale,
  putMessage,
} from './conversation.ts';
import type { Conversation } from './state.ts';

const WAITING = 1e15;

function message(position: number, change: Partial<Message> = {}): Message {
  return {
    id: `m${position}`,
    chat: 'ann@example.org',
    outgoing: false,
    body: `number ${position}`,
    at: position * 1000,
    position,
    state: 'received',
    ...change,
  };
}

function messages(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
}

function ids(conversation: Conversation): string[] {
  return conversation.messages.map(({ id }) => id);
}

function positions(conversation: Conversation): number[] {
  return conversation.messages.map(({ position }) => position);
}

/** A conversation that holds these messages after its first load. */
function holding(held: readonly Message[], atStart = false): Conversation {
  return endLoad(beginLoad(emptyConversation, 1, 'newest'), 1, { messages: held, atStart });
}

describe('a conversation that is opened', () => {
  it('holds the newest page', () => {
    const conversation = holding(messages(11, 20));
    expect(positions(conversation)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect(conversation).toMatchObject({ loaded: true, atStart: false, epoch: 0 });
  });

  it('keeps a message that arrived while the page was on its way', () => {
    const loading = putMessage(beginLoad(emptyConversation, 1, 'newest'), message(21));
    const conversation = endLoad(loading, 1, { messages: messages(11, 20), atStart: false });
    expect(positions(conversation)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
  });

  it('believes the event, not the page, about a message both know', () => {
    const sent = message(20, { outgoing: true, state: 'delivered' });
    const loading = putMessage(beginLoad(emptyConversation, 1, 'newest'), sent);
    const page = [message(19), message(20, { outgoing: true, state: 'sent' })];
    const conversation = endLoad(loading, 1, { messages: page, atStart: true });
    expect(conversation.messages.at(-1)?.state).toBe('delivered');
  });

  it('ignores the answer to a load that another one has followed', () => {
    const first = beginLoad(emptyConversation, 1, 'newest');
    const second = beginLoad(first, 2, 'newest');
    expect(endLoad(second, 1, { messages: messages(1, 5), atStart: true })).toBe(second);
  });
});

describe('a message event', () => {
  it('puts a new message at its place', () => {
    const conversation = putMessage(holding([message(1), message(3)]), message(2));
    expect(positions(conversation)).toEqual([1, 2, 3]);
  });

  it('changes a known message where it stands', () => {
    const before = holding(messages(1, 3));
    const after = putMessage(before, message(2, { body: 'changed' }));
    expect(after.messages.map(({ body }) => body)).toEqual(['number 1', 'changed', 'number 3']);
  });

  it('moves a message that was handed over to its new place', () => {
    const waiting = message(WAITING, { id: 'mine', outgoing: true, state: 'waiting' });
    const later = message(WAITING + 1, { id: 'other', outgoing: true, state: 'waiting' });
    const before = putMessage(putMessage(holding(messages(1, 2)), waiting), later);
    const after = putMessage(before, { ...waiting, position: 3, state: 'sending' });
    expect(ids(after)).toEqual(['m1', 'm2', 'mine', 'other']);
  });

  it('leaves out a message from before the first one held, because others may lie between', () => {
    const before = holding(messages(10, 12));
    expect(putMessage(before, message(4))).toBe(before);
  });

  it('takes a message before the first one where nothing older is missing', () => {
    const before = holding(messages(10, 12), true);
    const after = putMessage(before, message(4));
    expect(positions(after)).toEqual([4, 10, 11, 12]);
    expect(after.firstIndex).toBe(before.firstIndex - 1);
  });

  it('said twice does no harm', () => {
    const once = putMessage(holding(messages(1, 2)), message(3));
    expect(putMessage(once, message(3)).messages).toEqual(once.messages);
  });
});

describe('a deleted message', () => {
  it('is gone', () => {
    expect(positions(dropMessage(holding(messages(1, 3)), 'm2'))).toEqual([1, 3]);
  });

  it('does not come back with a page that was on its way', () => {
    const loading = beginLoad(markStale(holding(messages(1, 3))), 2, 'newest');
    const page = { messages: messages(1, 3), atStart: true };
    expect(positions(endLoad(dropMessage(loading, 'm2'), 2, page))).toEqual([1, 3]);
  });
});

describe('older messages', () => {
  it('come before what is held, and the list index falls by their number', () => {
    const before = holding(messages(11, 20));
    const after = endLoad(beginLoad(before, 2, 'older'), 2, {
      messages: messages(4, 10),
      atStart: false,
    });
    expect(positions(after)[0]).toBe(4);
    expect(after.messages).toHaveLength(17);
    expect(after.firstIndex).toBe(before.firstIndex - 7);
    expect(after.epoch).toBe(before.epoch);
  });

  it('tell when nothing is older', () => {
    const after = endLoad(beginLoad(holding(messages(3, 4)), 2, 'older'), 2, {
      messages: messages(1, 2),
      atStart: true,
    });
    expect(after.atStart).toBe(true);
  });

  it('say why the archive could not be asked, and keep what the store had', () => {
    const problem = {
      code: 'network.silence',
      source: 'network',
      message: 'No answer came.',
      advice: '',
      retry: 'later',
    } as const;
    const after = endLoad(beginLoad(holding(messages(3, 4)), 2, 'older'), 2, {
      messages: messages(2, 2),
      atStart: false,
      problem,
    });
    expect(after.problem).toEqual(problem);
    expect(positions(after)).toEqual([2, 3, 4]);
  });
});

describe('after a gap in the events', () => {
  const gap = (held: readonly Message[], atStart = false) =>
    beginLoad(markStale(holding(held, atStart)), 2, 'newest');

  it('joins a newest page that meets what is held', () => {
    const before = gap(messages(1, 10), true);
    const after = endLoad(before, 2, { messages: messages(8, 15), atStart: false });
    expect(positions(after)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect(after).toMatchObject({ atStart: true, stale: false, epoch: before.epoch });
    expect(after.firstIndex).toBe(before.firstIndex);
  });

  it('never shows a hole: a page that does not meet what is held takes its place', () => {
    const before = gap(messages(1, 10), true);
    const after = endLoad(before, 2, { messages: messages(50, 60), atStart: false });
    expect(positions(after)).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60]);
    expect(after).toMatchObject({ atStart: false, epoch: before.epoch + 1 });
  });

  it('does not take a waiting message for a proof that the two meet', () => {
    const waiting = message(WAITING, { id: 'mine', outgoing: true, state: 'waiting' });
    const before = gap([...messages(1, 3), waiting]);
    const page = { messages: [...messages(50, 52), waiting], atStart: false };
    expect(positions(endLoad(before, 2, page))).toEqual([50, 51, 52, WAITING]);
  });

  it('forgets messages that were deleted meanwhile', () => {
    const before = gap(messages(1, 5));
    const page = { messages: [message(3), message(5)], atStart: false };
    expect(positions(endLoad(before, 2, page))).toEqual([1, 2, 3, 5]);
  });

  it('ignores an older page that was asked for before the gap', () => {
    const asked = beginLoad(holding(messages(10, 12)), 7, 'older');
    const stale = markStale(asked);
    expect(endLoad(stale, 7, { messages: messages(1, 9), atStart: true })).toBe(stale);
  });

  it('stays stale where the load fails, so that it is loaded another time', () => {
    const problem = {
      code: 'app.host-gone',
      source: 'app',
      message: 'Holdfast is not running.',
      advice: '',
      retry: 'later',
    } as const;
    const after = failLoad(gap(messages(1, 3)), 2, problem);
    expect(after).toMatchObject({ stale: true, problem });
    expect(after.load).toBeUndefined();
    expect(beginLoad(after, 3, 'newest').problem).toBeUndefined();
    expect(markStale(after).problem).toBeUndefined();
  });
});
