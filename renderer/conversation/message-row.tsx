/** One message with the lines that stand above it: a new day, and where the unread ones begin. */
import { RotateCw, Trash2 } from 'lucide-react';
import { memo, useState } from 'react';
import type { Message } from '../../shared/contract/records.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { Button } from '../controls/button.tsx';
import { classes } from '../controls/class-names.ts';
import { MessageStateIcon } from '../controls/message-state.tsx';
import { usePage } from '../state/page-context.tsx';
import { clockTime, dayName, fullTime } from '../text/dates.ts';
import type { Arrangement } from './arrangement.ts';
import styles from './message-row.module.css';
import { MessageText } from './message-text.tsx';

interface MessageRowProps extends Arrangement {
  readonly accountId: string;
  readonly message: Message;
  /** The other person's. */
  readonly name: string;
  /** Today's midnight. */
  readonly today: number;
  readonly unreadStart: boolean;
}

/** Renders again only where something of it changed. */
export const MessageRow = memo(function MessageRow({
  accountId,
  message,
  name,
  today,
  unreadStart,
  startsDay,
  startsGroup,
  endsGroup,
}: MessageRowProps) {
  const time = clockTime(message.at);
  return (
    <div className={classes(styles.row, startsGroup && styles.spaced)}>
      {startsDay && (
        <p className={styles.day}>
          <span>{dayName(message.at, today)}</span>
        </p>
      )}
      {unreadStart && (
        <p className={styles.unread}>
          <span>New messages</span>
        </p>
      )}
      <article
        aria-label={`${message.outgoing ? 'You' : name}, ${time}`}
        className={classes(
          styles.message,
          message.outgoing ? styles.out : styles.in,
          endsGroup && styles.last,
        )}
      >
        <div className={styles.bubble}>
          <div className={styles.content} dir="auto">
            <MessageText text={message.body} />
            <span className={styles.meta}>
              <time dateTime={new Date(message.at).toISOString()} title={fullTime(message.at)}>
                {time}
              </time>
              <MessageStateIcon state={message.state} />
            </span>
          </div>
        </div>
        {message.state === 'failed' && <Failure accountId={accountId} message={message} />}
      </article>
    </div>
  );
});

function Failure({ accountId, message }: { accountId: string; message: Message }) {
  const { commands } = usePage();
  const [refused, setRefused] = useState<Problem>();
  const problem = refused ?? message.problem;
  const run = (command: 'messages.retry' | 'messages.discard'): void => {
    commands[command]({ accountId, id: message.id }).catch((thrown: unknown) =>
      setRefused(problemOf(thrown)),
    );
  };
  return (
    <div className={styles.failure}>
      <p>
        {problem?.message ?? 'It could not be sent.'} {problem?.advice}
      </p>
      <div className={styles.actions}>
        <Button weight="quiet" onPress={() => run('messages.retry')}>
          <RotateCw aria-hidden="true" /> Retry
        </Button>
        <Button weight="quiet" onPress={() => run('messages.discard')}>
          <Trash2 aria-hidden="true" /> Delete
        </Button>
      </div>
    </div>
  );
}
