/** What stands above the first message: more is coming, nothing is older, or why it cannot be known now. */
import { LoaderCircle } from 'lucide-react';
import { Button } from '../controls/button.tsx';
import type { Conversation } from '../state/state.ts';
import styles from './message-list.module.css';

interface HistoryEdgeProps {
  readonly conversation: Conversation;
  /** Asks again. */
  readonly onLoadAgain: () => void;
}

/** Keeps its height while loading, so that nothing moves. */
export function HistoryEdge({ conversation, onLoadAgain }: HistoryEdgeProps) {
  if (conversation.problem) {
    return (
      <div className={styles.edge} role="status">
        <p>
          <strong>This is not the beginning.</strong> {conversation.problem.message}{' '}
          {conversation.problem.advice}
        </p>
        <Button onPress={onLoadAgain}>Try again</Button>
      </div>
    );
  }
  if (conversation.atStart) {
    return (
      <div className={styles.edge}>
        <p>This is where your chat begins.</p>
      </div>
    );
  }
  return (
    <div className={styles.edge}>
      {conversation.load?.part === 'older' && (
        <p className={styles.loading}>
          <LoaderCircle aria-hidden="true" /> Loading older messages…
        </p>
      )}
    </div>
  );
}
