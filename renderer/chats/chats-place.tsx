/** Chats: the list and the open conversation side by side, one at a time on narrow windows. */

import { MessageCircle } from 'lucide-react';
import { classes } from '../controls/class-names.ts';
import { EmptyState } from '../controls/empty-state.tsx';
import { Conversation } from '../conversation/conversation.tsx';
import { FaultBoundary } from '../fault/fault-boundary.tsx';
import { useAccount, usePageState } from '../state/page-context.tsx';
import type { ChatKey } from '../state/reduce.ts';
import { ChatList } from './chat-list.tsx';
import styles from './chats-place.module.css';

const SEARCH_KEYS = navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl+K';

/** `chat` is the open one. A chat of an account that is gone is no chat. */
export function ChatsPlace({ chat }: { chat: ChatKey | undefined }) {
  const account = useAccount(chat?.accountId);
  const anyChat = usePageState(({ accounts }) =>
    [...accounts.values()].some(({ chats }) => chats.size > 0),
  );
  const open = account && chat;
  const openKey = open && `${open.accountId} ${open.jid}`;
  return (
    <div className={classes(styles.place, open && styles.open)}>
      <ChatList open={open} />
      <div className={styles.conversation}>
        {open ? (
          <FaultBoundary part="conversation" shows={openKey}>
            <Conversation key={openKey} account={account} jid={chat.jid} />
          </FaultBoundary>
        ) : (
          anyChat && (
            <EmptyState icon={<MessageCircle />} title="No chat open">
              Choose one from the list. {SEARCH_KEYS} finds one; Alt+↑ and Alt+↓ go through them.
            </EmptyState>
          )
        )}
      </div>
    </div>
  );
}
