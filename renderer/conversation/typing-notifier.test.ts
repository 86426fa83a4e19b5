import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChatState } from '../../shared/contract/records.ts';
import { createTypingNotifier, PAUSE } from './typing-notifier.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function notifier() {
  const sent: ChatState[] = [];
  return { sent, typing: createTypingNotifier((state) => sent.push(state)) };
}

it('says composing once, however much is typed', () => {
  const { sent, typing } = notifier();
  typing.typed(false);
  vi.advanceTimersByTime(PAUSE - 1);
  typing.typed(false);
  vi.advanceTimersByTime(PAUSE - 1);
  expect(sent).toEqual(['composing']);
});

it('says paused after a pause, and composing when it goes on', () => {
  const { sent, typing } = notifier();
  typing.typed(false);
  vi.advanceTimersByTime(PAUSE);
  typing.typed(false);
  expect(sent).toEqual(['composing', 'paused', 'composing']);
});

it('says active when everything was deleted', () => {
  const { sent, typing } = notifier();
  typing.typed(false);
  typing.typed(true);
  vi.advanceTimersByTime(PAUSE);
  expect(sent).toEqual(['composing', 'active']);
});

it('says nothing after a message, which says active by itself', () => {
  const { sent, typing } = notifier();
  typing.typed(false);
  typing.sent();
  vi.advanceTimersByTime(PAUSE);
  expect(sent).toEqual(['composing']);
});

it('says paused when the conversation is left in the middle, and no more after it', () => {
  const { sent, typing } = notifier();
  typing.typed(false);
  typing.leave();
  vi.advanceTimersByTime(PAUSE);
  expect(sent).toEqual(['composing', 'paused']);
});
