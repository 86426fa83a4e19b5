/** Keeps what is typed but not sent: in the page at once, in Holdfast's store a moment later and on leaving. */
import { useEffect, useRef, useState } from 'react';
import { MAX_BODY_LENGTH } from '../../shared/contract/commands.ts';
import type { Chat } from '../../shared/contract/records.ts';
import { usePage } from '../state/page-context.tsx';

/** Milliseconds after the last keystroke. */
const DELAY = 500;

type SetDraft = (next: string | ((since: string) => string)) => void;

/** The text and how to change it, as `useState` does; begins with the draft that was kept. */
export function useDraft(accountId: string, chat: Chat): [string, SetDraft] {
  const { commands, tell } = usePage();
  const { jid } = chat;
  const [text, setText] = useState(chat.draft);
  const unsaved = useRef<string>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = (): void => {
    clearTimeout(timer.current);
    const draft = unsaved.current;
    unsaved.current = undefined;
    if (draft === undefined) return;
    tell({ type: 'draft-kept', chat: { accountId, jid }, draft });
    // A text over the limit stays in the page only: the store takes none, and part of one would be a loss.
    if (draft.length > MAX_BODY_LENGTH) return;
    void commands['chats.saveDraft']({ accountId, jid, draft }).catch(() => undefined);
  };
  const saveNow = useRef(save);
  saveNow.current = save;

  useEffect(() => {
    const onLeave = (): void => saveNow.current();
    window.addEventListener('pagehide', onLeave);
    return () => {
      window.removeEventListener('pagehide', onLeave);
      onLeave();
    };
  }, []);

  const change: SetDraft = (next) => {
    setText((since) => {
      const draft = typeof next === 'string' ? next : next(since);
      unsaved.current = draft;
      return draft;
    });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => saveNow.current(), DELAY);
  };
  return [text, change];
}
