/** The rail at the window's start (a bar below on narrow windows): the places, and the connection one click away. */
import { Activity, CircleUser, MessageCircle, Users } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { ToggleButton } from 'react-aria-components';
import { classes } from '../controls/class-names.ts';
import { VisuallyHidden } from '../controls/visually-hidden.tsx';
import { useAccounts } from '../state/page-context.tsx';
import { counted } from '../text/plural.ts';
import { mostPressing, phaseTone, phaseWords } from './connection-words.ts';
import styles from './navigation.module.css';
import { formatRoute, type Place } from './route.ts';

interface NavigationProps {
  readonly place: Place;
  readonly healthShown: boolean;
  readonly onToggleHealth: () => void;
}

/** What wants attention is said beside each name, not in it. */
export function Navigation({ place, healthShown, onToggleHealth }: NavigationProps) {
  const accounts = [...useAccounts().values()];
  const chats = accounts.flatMap((account) => [...account.chats.values()]);
  const contacts = accounts.flatMap((account) => [...account.contacts.values()]);
  const unread = chats.reduce((sum, chat) => sum + chat.unread, 0);
  const requests = contacts.filter((contact) => contact.request).length;
  const pressing = mostPressing(accounts.map(({ account }) => account));
  const phase = pressing?.connection.phase ?? 'offline';
  const connectionHint = useId();
  return (
    <nav aria-label="Main" className={styles.rail}>
      <ul>
        <PlaceLink
          to="chats"
          name="Chats"
          icon={<MessageCircle />}
          here={place}
          count={unread}
          hint={counted(unread, 'unread message', 'unread messages')}
        />
        <PlaceLink
          to="contacts"
          name="Contacts"
          icon={<Users />}
          here={place}
          count={requests}
          hint={counted(requests, 'request', 'requests')}
        />
        <PlaceLink to="accounts" name="Accounts" icon={<CircleUser />} here={place} />
        <li className={styles.last}>
          <ToggleButton
            className={classes(styles.entry)}
            aria-label="Connection"
            aria-describedby={connectionHint}
            isSelected={healthShown}
            onChange={onToggleHealth}
          >
            <span className={styles.icon} aria-hidden="true">
              <Activity />
              <span className={classes(styles.dot, styles[phaseTone(phase)])} />
            </span>
            <span className={styles.name} aria-hidden="true">
              Connection
            </span>
          </ToggleButton>
          <VisuallyHidden id={connectionHint}>{phaseWords(phase)}</VisuallyHidden>
        </li>
      </ul>
    </nav>
  );
}

interface PlaceLinkProps {
  readonly to: Place;
  readonly name: string;
  readonly icon: ReactNode;
  readonly here: Place;
  readonly count?: number;
  readonly hint?: string;
}

function PlaceLink({ to, name, icon, here, count = 0, hint }: PlaceLinkProps) {
  const hintId = useId();
  return (
    <li>
      <a
        href={formatRoute({ place: to })}
        className={styles.entry}
        aria-label={name}
        aria-current={to === here ? 'page' : undefined}
        {...(count > 0 ? { 'aria-describedby': hintId } : {})}
      >
        <span className={styles.icon} aria-hidden="true">
          {icon}
          {count > 0 && <span className={styles.badge}>{count > 99 ? '99+' : count}</span>}
        </span>
        <span className={styles.name} aria-hidden="true">
          {name}
        </span>
      </a>
      {count > 0 && <VisuallyHidden id={hintId}>{hint}</VisuallyHidden>}
    </li>
  );
}
