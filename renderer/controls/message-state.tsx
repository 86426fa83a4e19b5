/** How far an outgoing message has come, as an icon with a name. */
import { Check, CheckCheck, CircleAlert, Clock, LoaderCircle, type LucideIcon } from 'lucide-react';
import type { MessageState } from '../../shared/contract/records.ts';
import { classes } from './class-names.ts';
import styles from './message-state.module.css';

const STATES: Readonly<Record<Exclude<MessageState, 'received'>, [LucideIcon, string]>> = {
  waiting: [Clock, 'Waiting'],
  sending: [LoaderCircle, 'Sending'],
  sent: [Check, 'Sent'],
  delivered: [CheckCheck, 'Delivered'],
  failed: [CircleAlert, 'Failed'],
};

/** Nothing for an incoming message. */
export function MessageStateIcon({ state }: { state: MessageState }) {
  if (state === 'received') return null;
  const [Icon, name] = STATES[state];
  return (
    <span
      role="img"
      aria-label={name}
      title={name}
      className={classes(styles.state, state === 'failed' && styles.failed)}
    >
      <Icon aria-hidden="true" />
    </span>
  );
}
