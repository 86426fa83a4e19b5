/** The messages, oldest first, of which only those in sight exist. Stays at the end while it is there. */
import { ArrowDown } from 'lucide-react';
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react';
import { Virtuoso } from 'react-virtuoso';
import type { Message } from '../../shared/contract/records.ts';
import { Button } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { useAttention } from '../state/attention.ts';
import { usePage } from '../state/page-context.tsx';
import type { Conversation } from '../state/state.ts';
import { useToday } from '../text/clock.ts';
import { counted } from '../text/plural.ts';
import { arrange, firstUnread } from './arrangement.ts';
import { HistoryEdge } from './history-edge.tsx';
import styles from './message-list.module.css';
import { MessageRow } from './message-row.tsx';
import { GROWING, usePinnedEnd } from './pinned-end.ts';

interface MessageScrollerProps {
  readonly accountId: string;
  readonly jid: string;
  readonly name: string;
  readonly conversation: Conversation;
  readonly unread: number;
  readonly onLoadAgain: () => void;
}

/** So many messages before the first one, the page before it is asked for. */
const AHEAD = 12;

/** Begins at the first unread message, else at the end. Marks the chat read while somebody looks at its end. */
export function MessageScroller({
  accountId,
  jid,
  name,
  conversation,
  unread,
  onLoadAgain,
}: MessageScrollerProps) {
  const { messages } = conversation;
  const heldBack = heldBackFrom(conversation);
  const shown = heldBack === 0 ? messages : messages.slice(heldBack);
  const firstIndex = conversation.firstIndex + heldBack;
  const today = useToday();

  const [unreadFrom] = useState(() => firstUnread(shown, unread));
  const [unreadIndex] = useState(() => shown.findIndex(({ id }) => id === unreadFrom));
  const { scrollerRef, atEnd, goToEnd } = usePinnedEnd(unreadIndex < 0, shown.length);
  const missed = useMissed(atEnd, messages);

  useMarkingRead(accountId, jid, atEnd && !conversation.stale && unread > 0, messages.at(-1)?.id);
  useFollowingOwn(messages, goToEnd);
  const onRange = useLoadingOlder(accountId, jid, firstIndex);

  const edge = <HistoryEdge conversation={conversation} onLoadAgain={onLoadAgain} />;
  if (messages.length === 0) {
    return (
      <>
        {!conversation.atStart && edge}
        <EmptyState title="No messages yet">What you write below is the beginning.</EmptyState>
      </>
    );
  }
  return (
    <>
      <Virtuoso
        className={styles.list}
        scrollerRef={scrollerRef}
        data={shown}
        firstItemIndex={firstIndex}
        initialTopMostItemIndex={
          unreadIndex < 0
            ? { index: 'LAST', align: 'end' }
            : { index: unreadIndex, align: 'start', offset: -LINE_ABOVE }
        }
        alignToBottom
        computeItemKey={(_, message) => message.id}
        context={{ edge }}
        components={COMPONENTS}
        rangeChanged={({ startIndex }) => onRange(startIndex)}
        increaseViewportBy={{ top: 600, bottom: 300 }}
        itemContent={(index, message) => {
          const at = index - conversation.firstIndex;
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
      {!atEnd && (
        <div className={styles.jump}>
          <Button onPress={goToEnd}>
            <ArrowDown aria-hidden="true" />
            {missed > 0 ? counted(missed, 'new message', 'new messages') : 'Newest messages'}
          </Button>
        </div>
      )}
    </>
  );
}

/** Pixels of what came before, kept in sight above the line of unread messages. */
const LINE_ABOVE = 48;

interface ListContext {
  readonly edge: ReactNode;
}

const COMPONENTS = {
  Header: ({ context }: { context: ListContext }) => context.edge,
  Footer: () => <div className={styles.end} />,
  // The room above a short list goes above its header, too, which stays beside the first message.
  List: ({ context: _, style, ...rest }: ComponentProps<'div'> & { context: ListContext }) => (
    <div
      {...rest}
      {...{ [GROWING]: '' }}
      style={style?.marginTop === 'auto' ? { ...style, marginTop: 0 } : style}
    />
  ),
};

/**
 * The first message is held back while something older is to come: only what stands before it tells
 * whether it begins a day or a group, and a row that changes its height later would make the list jump.
 */
function heldBackFrom({ messages, atStart, problem }: Conversation): 0 | 1 {
  return atStart || problem || messages.length < 2 ? 0 : 1;
}

/** Asks for the page before the first message when that comes near; returns what to tell of the rows in sight. */
function useLoadingOlder(accountId: string, jid: string, firstIndex: number) {
  const { load, getState } = usePage();
  const firstSeen = useRef(Number.POSITIVE_INFINITY);
  const loadIfNear = (): void => {
    const held = getState().accounts.get(accountId)?.conversations.get(jid);
    if (!held?.loaded || held.stale || held.load || held.atStart || held.problem) return;
    if (firstSeen.current - firstIndex < AHEAD || held.messages.length < AHEAD) {
      void load({ accountId, jid }, 'older');
    }
  };
  // After each page: one that does not fill the window leaves the first message in sight.
  useEffect(loadIfNear);
  return (startIndex: number): void => {
    firstSeen.current = startIndex;
    loadIfNear();
  };
}

/** @param newest the last message's id: what comes while the chat is being marked is unread again */
function useMarkingRead(
  accountId: string,
  jid: string,
  seen: boolean,
  newest: string | undefined,
): void {
  const { commands } = usePage();
  const reading = useAttention() && seen;
  useEffect(() => {
    // Where Holdfast is out of reach now, the chat is still unread and is marked when it is looked at again.
    if (reading && newest) {
      void commands['chats.markRead']({ accountId, jid }).catch(() => undefined);
    }
  }, [reading, newest, commands, accountId, jid]);
}

/** Whoever writes a message wants to see it. */
function useFollowingOwn(messages: readonly Message[], goToEnd: () => void): void {
  const last = messages.at(-1);
  const own = last?.outgoing ? last.id : undefined;
  const before = useRef(own);
  useEffect(() => {
    if (own !== undefined && own !== before.current) goToEnd();
    before.current = own;
  }, [own, goToEnd]);
}

/** How many messages came in since the end was left. */
function useMissed(atEnd: boolean, messages: readonly Message[]): number {
  const [leftAt, setLeftAt] = useState<number>();
  if (atEnd && leftAt !== undefined) setLeftAt(undefined);
  if (!atEnd && leftAt === undefined) {
    setLeftAt(messages.findLast(({ outgoing }) => !outgoing)?.position ?? 0);
  }
  if (atEnd || leftAt === undefined) return 0;
  return messages.filter(({ outgoing, position }) => !outgoing && position > leftAt).length;
}
