/** The conversation's head: who it is with, their presence, and what can be done about them. */
import { ArrowLeft, Pencil, UserPlus, UserX } from 'lucide-react';
import { useState } from 'react';
import type { Contact } from '../../shared/contract/records.ts';
import { phaseWords } from '../app/connection-words.ts';
import { formatRoute } from '../app/route.ts';
import { AddContactDialog } from '../contacts/add-contact-dialog.tsx';
import { RemoveContactDialog } from '../contacts/remove-contact-dialog.tsx';
import { RenameContactDialog } from '../contacts/rename-contact-dialog.tsx';
import { Avatar } from '../controls/avatar.tsx';
import { type MenuAction, MoreMenu } from '../controls/menu.tsx';
import type { AccountState } from '../state/state.ts';
import styles from './conversation-header.module.css';
import { presenceWords } from './presence-words.ts';

interface ConversationHeaderProps {
  readonly account: AccountState;
  readonly jid: string;
  readonly name: string;
  readonly contact: Contact | undefined;
}

/** While the account is not online, its connection stands where the presence would: that is not known then. */
export function ConversationHeader({ account, jid, name, contact }: ConversationHeaderProps) {
  const [dialog, setDialog] = useState<'add' | 'rename' | 'remove'>();
  const { id: accountId, connection } = account.account;
  const online = connection.phase === 'online';
  const close = (): void => setDialog(undefined);
  const actions: MenuAction[] = contact?.inRoster
    ? [
        { name: 'Rename', icon: <Pencil />, run: () => setDialog('rename') },
        { name: 'Remove contact', icon: <UserX />, danger: true, run: () => setDialog('remove') },
      ]
    : [{ name: 'Add to contacts', icon: <UserPlus />, run: () => setDialog('add') }];
  return (
    <header className={styles.header}>
      <a href={formatRoute({ place: 'chats' })} className={styles.back} aria-label="Back">
        <ArrowLeft aria-hidden="true" />
      </a>
      <Avatar
        accountId={accountId}
        jid={jid}
        name={name}
        hash={contact?.avatar}
        show={online ? contact?.presence.show : undefined}
        size="2.375rem"
      />
      <div className={styles.words}>
        <h2 className={styles.name}>
          <bdi>{name}</bdi>
        </h2>
        <p className={styles.presence}>
          {name !== jid && (
            <span className={styles.jid}>
              <bdi>{jid}</bdi>
            </span>
          )}
          <span className={styles.state}>
            <bdi>{online ? presenceWords(contact) : phaseWords(connection.phase)}</bdi>
          </span>
        </p>
      </div>
      <MoreMenu name="More about this chat" actions={actions} />
      {dialog === 'add' && <AddContactDialog accountId={accountId} jid={jid} onClose={close} />}
      {dialog === 'rename' && (
        <RenameContactDialog
          accountId={accountId}
          jid={jid}
          name={contact?.name ?? ''}
          onClose={close}
        />
      )}
      {dialog === 'remove' && (
        <RemoveContactDialog accountId={accountId} jid={jid} name={name} onClose={close} />
      )}
    </header>
  );
}
