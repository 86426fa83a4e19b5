/** Tells the other side what we do (XEP-0085 §5.2): composing, paused after a pause, active again. */
import type { ChatState } from '../../shared/contract/records.ts';

/** Milliseconds without a keystroke until composing has paused. */
export const PAUSE = 5000;

export interface TypingNotifier {
  /** The text changed, to empty or not. */
  typed(empty: boolean): void;
  /** A message went out, which says `active` by itself. */
  sent(): void;
  /** The conversation is left; composing ends. */
  leave(): void;
}

/** Sends a state only where it differs from the last one. */
export function createTypingNotifier(send: (state: ChatState) => void): TypingNotifier {
  let state: ChatState = 'active';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const become = (next: ChatState): void => {
    clearTimeout(timer);
    if (next === state) return;
    state = next;
    send(next);
  };

  return {
    typed(empty) {
      become(empty ? 'active' : 'composing');
      if (!empty) timer = setTimeout(() => become('paused'), PAUSE);
    },
    sent() {
      clearTimeout(timer);
      state = 'active';
    },
    leave() {
      if (state === 'composing') become('paused');
      clearTimeout(timer);
    },
  };
}
