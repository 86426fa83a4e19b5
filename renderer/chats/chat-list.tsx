/** The list of chats: the most recent first, with search, and a filter by account where there are several. */
import { MessageCirclePlus, MessagesSquare, SearchX } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { AccountSelect } from '../controls/account-select.tsx';
import { Button, IconButton } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { SearchField } from '../controls/field.tsx';
import { Pane } from '../controls/pane.tsx';
import { RowList } from '../controls/row-list.tsx';
import { useAccounts } from '../state/page-context.tsx';
import type { ChatKey } from '../state/reduce.ts';
import { useToday } from '../text/clock.ts';
import { ChatRow } from './chat-row.tsx';
import { NewChatDialog } from './new-chat-dialog.tsx';
import { chatsInOrder, type ListedChat, matches } from './order.ts';

/** `open` is the chat shown beside the list. */
export function ChatList({ open }: { open: ChatKey | undefined }) {
  const accounts = useAccounts();
  const [search, setSearch] = useState('');
  const [accountId, setAccountId] = useState<string>();
  const [starting, setStarting] = useState(false);
  const today = useToday();
  const chats = useMemo(() => chatsInOrder(accounts), [accounts]);
  const shown = chats.filter(
    ({ key, name }) =>
      (accountId === undefined || key.accountId === accountId) && matches(search, name, key.jid),
  );
  const openId = open && idOf(open);
  useReturnedFocus(openId);
  return (
    <Pane
      title="Chats"
      action={
        <IconButton name="New chat" onPress={() => setStarting(true)}>
          <MessageCirclePlus aria-hidden="true" />
        </IconButton>
      }
      tools={
        <>
          {chats.length > 0 && (
            <SearchField label="Search chats" value={search} onChange={setSearch} />
          )}
          <AccountSelect value={accountId} onChange={setAccountId} asFilter />
        </>
      }
    >
      {chats.length === 0 && (
        <EmptyState
          icon={<MessagesSquare />}
          title="No chats yet"
          actions={
            <Button weight="primary" onPress={() => setStarting(true)}>
              Start a chat
            </Button>
          }
        >
          Write to somebody by their address, or choose one of your contacts.
        </EmptyState>
      )}
      {chats.length > 0 && shown.length === 0 && (
        <EmptyState icon={<SearchX />} title="Nothing found">
          No chat has this in its name or address.
        </EmptyState>
      )}
      {shown.length > 0 && (
        <RowList<ListedChat>
          name="Chats"
          rows={shown}
          keyOf={({ key }) => idOf(key)}
          current={openId}
        >
          {(listed, tabIndex) => (
            <ChatRow
              listed={listed}
              id={idOf(listed.key)}
              open={openId === idOf(listed.key)}
              accountShown={accounts.size > 1 && accountId === undefined}
              today={today}
              tabIndex={tabIndex}
            />
          )}
        </RowList>
      )}
      {starting && <NewChatDialog onClose={() => setStarting(false)} />}
    </Pane>
  );
}

function idOf({ accountId, jid }: ChatKey): string {
  return `${accountId} ${jid}`;
}

/** Back from a conversation (narrow windows), the focus is on the row that led there. */
function useReturnedFocus(openId: string | undefined): void {
  const before = useRef(openId);
  useEffect(() => {
    const left = openId === undefined ? before.current : undefined;
    before.current = openId;
    if (left === undefined || document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>(`[data-row="${CSS.escape(left)}"]`)?.focus();
  }, [openId]);
}
