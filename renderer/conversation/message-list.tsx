/** The messages, oldest first, of which only those in sight exist. Stays at the end while it is there. */
import { ArrowDown, LoaderCircle } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { Button } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { usePage } from '../state/page-context.tsx';
import type { Conversation } from '../state/state.ts';
import { useToday } from '../text/clock.ts';
import { counted } from '../text/plural.ts';
import { arrange, firstUnread } from './arrangement.ts';
import { useAttention } from './attention.ts';
import { HistoryEdge } from './history-edge.tsx';
import styles from './message-list.module.css';
import { MessageRow } from './message-row.tsx';

interface MessageListProps {
  readonly accountId: string;
  readonly jid: string;
  readonly name: string;
  readonly conversation: Conversation | undefined;
  readonly unread: number;
}

/** So many messages before the first one, the page before it is asked for. */
const AHEAD = 12;

/** Marks the chat read while somebody looks at its end. */
export function MessageList({ accountId, jid, name, conversation, unread }: MessageListProps) {
  const { commands, load, getState } = usePage();
  const list = useRef<VirtuosoHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const attended = useAttention();
  const today = useToday();
  const messages = conversation?.messages ?? [];
  const firstIndex = conversation?.firstIndex ?? 0;
  const current = conversation?.loaded === true && !conversation.stale;
  const last = messages.at(-1);

  const unreadFrom = useUnreadLine(current, messages, unread);
  const missed = useMissed(atEnd, messages);

  useEffect(() => {
    if (current && atEnd && attended && unread > 0) {
      void commands['chats.markRead']({ accountId, jid }).catch(ignore);
    }
  }, [current, atEnd, attended, unread, commands, accountId, jid]);

  const loadOlder = (): void => {
    const held = getState().accounts.get(accountId)?.conversations.get(jid);
    if (!held?.loaded || held.stale || held.load || held.atStart || held.problem) return;
    void load({ accountId, jid }, 'older');
  };

  // A page that does not fill the window leaves the first message in sight: go on until it does.
  const firstSeen = useRef(Number.POSITIVE_INFINITY);
  useEffect(() => {
    if (current && firstSeen.current - firstIndex < AHEAD) loadOlder();
  });

  if (!conversation?.loaded) {
    return (
      <div className={styles.frame} role="log" aria-label={`Messages with ${name}`} aria-live="off">
        {conversation?.problem ? (
          <HistoryEdge
            conversation={conversation}
            onLoad={() => load({ accountId, jid }, 'newest')}
          />
        ) : (
          <p className={styles.loading}>
            <LoaderCircle aria-hidden="true" /> Loading messages…
          </p>
        )}
      </div>
    );
  }

  const edge = (
    <HistoryEdge
      conversation={conversation}
      onLoad={() => load({ accountId, jid }, conversation.stale ? 'newest' : 'older')}
    />
  );

  return (
    <div className={styles.frame} role="log" aria-label={`Messages with ${name}`} aria-live="off">
      {messages.length === 0 ? (
        <EmptyState title="No messages yet">
          {conversation.problem ? edge : 'What you write below is the beginning.'}
        </EmptyState>
      ) : (
        <Virtuoso
          ref={list}
          className={styles.list}
          data={messages}
          firstItemIndex={firstIndex}
          initialTopMostItemIndex={{ index: 'LAST', align: 'end' }}
          alignToBottom
          computeItemKey={(_, message) => message.id}
          context={{ edge }}
          components={COMPONENTS}
          followOutput={(following) => (following || last?.outgoing ? 'auto' : false)}
          atBottomStateChange={setAtEnd}
          rangeChanged={({ startIndex }) => {
            firstSeen.current = startIndex;
            if (startIndex - firstIndex < AHEAD) loadOlder();
          }}
          totalListHeightChanged={() => {
            if (atEnd) list.current?.autoscrollToBottom();
          }}
          increaseViewportBy={{ top: 600, bottom: 300 }}
          aria-label={`Messages with ${name}, scrollable`}
          itemContent={(index, message) => {
            const at = index - firstIndex;
            return (
              <MessageRow
                accountId={accountId}
                message={message}
                name={name}
                today={today}
                unreadStart={message.id === unreadFrom}
                {...arrange(messages[at - 1], message, messages[at + 1], unreadFrom)}
              />
            );
          }}
        />
      )}
      {!atEnd && (
        <div className={styles.jump}>
          <Button onPress={() => list.current?.scrollToIndex({ index: 'LAST', align: 'end' })}>
            <ArrowDown aria-hidden="true" />
            {missed > 0 ? counted(missed, 'new message', 'new messages') : 'Newest messages'}
          </Button>
        </div>
      )}
    </div>
  );
}

interface ListContext {
  readonly edge: React.ReactNode;
}

const COMPONENTS = {
  Header: ({ context }: { context: ListContext }) => <>{context.edge}</>,
  Footer: () => <div className={styles.end} />,
};

/** The first message that was unread when the conversation was opened; it stays so until it is left. */
function useUnreadLine(
  current: boolean,
  messages: Conversation['messages'],
  unread: number,
): string | undefined {
  const [opened] = useState(unread);
  const [line, setLine] = useState<string | null>();
  if (current && line === undefined) setLine(firstUnread(messages, opened) ?? null);
  return line ?? undefined;
}

/** How many messages came in since the end was left. */
function useMissed(atEnd: boolean, messages: Conversation['messages']): number {
  const [leftAt, setLeftAt] = useState<number>();
  const end = messages.findLast(({ outgoing }) => !outgoing)?.position ?? 0;
  if (atEnd && leftAt !== undefined) setLeftAt(undefined);
  if (!atEnd && leftAt === undefined) setLeftAt(end);
  if (atEnd || leftAt === undefined) return 0;
  return messages.filter(({ outgoing, position }) => !outgoing && position > leftAt).length;
}

function ignore(): void {}
