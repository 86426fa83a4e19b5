/** Keys that work everywhere: Ctrl+K (Cmd+K) to the search field, Alt+Up and Alt+Down through the chats. */
import { useEffect } from 'react';
import { chatsInOrder } from '../chats/order.ts';
import { usePage } from '../state/page-context.tsx';
import { goTo, type Route } from './route.ts';

/** Listens for as long as the frame is shown. */
export function useShortcuts(route: Route): void {
  const store = usePage();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('[role$="dialog"]')) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        if (!focusSearch()) {
          goTo({ place: 'chats' });
          requestAnimationFrame(() => requestAnimationFrame(focusSearch));
        }
      }
      const step = event.altKey ? STEPS[event.key] : undefined;
      if (step !== undefined) {
        event.preventDefault();
        const chats = chatsInOrder(store.getState().accounts);
        const here = chats.findIndex(
          ({ key }) => key.accountId === route.chat?.accountId && key.jid === route.chat.jid,
        );
        const next = chats[here < 0 ? 0 : here + step];
        if (next) goTo({ place: 'chats', chat: next.key });
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [store, route.chat?.accountId, route.chat?.jid]);
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

function focusSearch(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement>('[data-search-field] input');
  const field = [...fields].find((candidate) => candidate.checkVisibility());
  field?.focus();
  field?.select();
  return field !== undefined;
}
