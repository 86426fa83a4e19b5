/** The messages of a conversation once they are there, or what stands in their place until then. */
import { LoaderCircle } from 'lucide-react';
import { useCallback, useEffect } from 'react';
import { usePage } from '../state/page-context.tsx';
import type { Conversation } from '../state/state.ts';
import { HistoryEdge } from './history-edge.tsx';
import styles from './message-list.module.css';
import { MessageScroller } from './message-scroller.tsx';

interface MessageListProps {
  readonly accountId: string;
  readonly jid: string;
  readonly name: string;
  readonly conversation: Conversation | undefined;
  readonly unread: number;
  /** Whether the archive can be asked now. */
  readonly online: boolean;
}

/** A log that is not read out as it grows: the announcer does that, for new messages only. */
export function MessageList({
  accountId,
  jid,
  name,
  conversation,
  unread,
  online,
}: MessageListProps) {
  const { load, getState } = usePage();
  const loadAgain = useCallback((): void => {
    const held = getState().accounts.get(accountId)?.conversations.get(jid);
    void load({ accountId, jid }, held?.loaded && !held.stale ? 'older' : 'newest');
  }, [load, getState, accountId, jid]);

  // What could not be asked without a connection can be asked with one.
  useEffect(() => {
    const held = getState().accounts.get(accountId)?.conversations.get(jid);
    if (online && held?.problem && !held.load) loadAgain();
  }, [online, loadAgain, getState, accountId, jid]);

  return (
    <div className={styles.frame} role="log" aria-label={`Messages with ${name}`} aria-live="off">
      {conversation?.loaded ? (
        <MessageScroller
          key={conversation.epoch}
          accountId={accountId}
          jid={jid}
          name={name}
          conversation={conversation}
          unread={unread}
          onLoadAgain={loadAgain}
        />
      ) : (
        <Unloaded conversation={conversation} onLoadAgain={loadAgain} />
      )}
    </div>
  );
}

interface UnloadedProps {
  readonly conversation: Conversation | undefined;
  readonly onLoadAgain: () => void;
}

function Unloaded({ conversation, onLoadAgain }: UnloadedProps) {
  if (conversation?.problem) {
    return <HistoryEdge conversation={conversation} onLoadAgain={onLoadAgain} />;
  }
  return (
    <p className={styles.loading}>
      <LoaderCircle aria-hidden="true" /> Loading messages…
    </p>
  );
}
