/** The window's title, with the count of unread messages first so that a tab shows it. */
import { useEffect } from 'react';
import { usePageState } from '../state/page-context.tsx';
import type { State } from '../state/state.ts';

/** Keeps the document's title up to date. */
export function useTitle(): void {
  const unread = usePageState(countUnread);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Holdfast` : 'Holdfast';
  }, [unread]);
}

function countUnread(state: State): number {
  let sum = 0;
  for (const account of state.accounts.values()) {
    for (const chat of account.chats.values()) sum += chat.unread;
  }
  return sum;
}
