/** Contacts: who asks to be added, and everybody who is, with their presence. */
import { Pencil, SearchX, UserPlus, Users, UserX } from 'lucide-react';
import { useId, useState } from 'react';
import { chatHref } from '../app/route.ts';
import { matches } from '../chats/order.ts';
import { AccountSelect } from '../controls/account-select.tsx';
import { Avatar } from '../controls/avatar.tsx';
import { Button } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { SearchField } from '../controls/field.tsx';
import { MoreMenu } from '../controls/menu.tsx';
import { Pane } from '../controls/pane.tsx';
import { RowList } from '../controls/row-list.tsx';
import { VisuallyHidden } from '../controls/visually-hidden.tsx';
import { presenceWords } from '../conversation/presence-words.ts';
import { useAccounts } from '../state/page-context.tsx';
import { AddContactDialog } from './add-contact-dialog.tsx';
import styles from './contacts.module.css';
import { contactsInOrder, type ListedContact } from './order.ts';
import { RemoveContactDialog } from './remove-contact-dialog.tsx';
import { RenameContactDialog } from './rename-contact-dialog.tsx';
import { RequestRow } from './request-row.tsx';

type OpenDialog =
  | { readonly what: 'add' }
  | { readonly what: 'rename' | 'remove'; readonly of: ListedContact };

/** A row opens the chat. */
export function ContactsPlace() {
  const accounts = useAccounts();
  const [search, setSearch] = useState('');
  const [accountId, setAccountId] = useState<string>();
  const [dialog, setDialog] = useState<OpenDialog>();
  const requestsId = useId();
  const all = contactsInOrder(accounts).filter(
    ({ account }) => accountId === undefined || account.id === accountId,
  );
  const requests = all.filter(({ contact }) => contact.request);
  const contacts = all.filter(({ contact }) => contact.inRoster);
  const shown = contacts.filter(({ name, contact }) => matches(search, name, contact.jid));
  const close = (): void => setDialog(undefined);
  return (
    <div className={styles.place}>
      <Pane
        title="Contacts"
        action={
          <Button weight="primary" onPress={() => setDialog({ what: 'add' })}>
            <UserPlus aria-hidden="true" /> Add contact
          </Button>
        }
        tools={
          <>
            {contacts.length > 0 && (
              <SearchField label="Search contacts" value={search} onChange={setSearch} />
            )}
            <AccountSelect value={accountId} onChange={setAccountId} asFilter />
          </>
        }
      >
        {requests.length > 0 && (
          <section className={styles.requests} aria-labelledby={requestsId}>
            <h3 id={requestsId}>Requests</h3>
            <ul>
              {requests.map(({ account, contact, name }) => (
                <li key={`${account.id} ${contact.jid}`}>
                  <RequestRow accountId={account.id} contact={contact} name={name} />
                </li>
              ))}
            </ul>
          </section>
        )}
        {contacts.length === 0 && (
          <EmptyState icon={<Users />} title="No contacts yet">
            Add somebody by their address. Once they agree, you see when each of you is online.
          </EmptyState>
        )}
        {contacts.length > 0 && shown.length === 0 && (
          <EmptyState icon={<SearchX />} title="Nothing found">
            No contact has this in their name or address.
          </EmptyState>
        )}
        {shown.length > 0 && (
          <RowList<ListedContact>
            name="Contacts"
            rows={shown}
            keyOf={({ account, contact }) => `${account.id} ${contact.jid}`}
          >
            {(listed, tabIndex) => (
              <ContactRow
                listed={listed}
                tabIndex={tabIndex}
                accountShown={accounts.size > 1 && accountId === undefined}
                onRename={() => setDialog({ what: 'rename', of: listed })}
                onRemove={() => setDialog({ what: 'remove', of: listed })}
              />
            )}
          </RowList>
        )}
      </Pane>
      {dialog?.what === 'add' && (
        <AddContactDialog {...(accountId === undefined ? {} : { accountId })} onClose={close} />
      )}
      {dialog?.what === 'rename' && (
        <RenameContactDialog
          accountId={dialog.of.account.id}
          jid={dialog.of.contact.jid}
          name={dialog.of.contact.name ?? ''}
          onClose={close}
        />
      )}
      {dialog?.what === 'remove' && (
        <RemoveContactDialog
          accountId={dialog.of.account.id}
          jid={dialog.of.contact.jid}
          name={dialog.of.name}
          onClose={close}
        />
      )}
    </div>
  );
}

interface ContactRowProps {
  readonly listed: ListedContact;
  readonly tabIndex: 0 | -1;
  readonly accountShown: boolean;
  readonly onRename: () => void;
  readonly onRemove: () => void;
}

function ContactRow({ listed, tabIndex, accountShown, onRename, onRemove }: ContactRowProps) {
  const { account, contact, name } = listed;
  const { jid } = contact;
  return (
    <div className={styles.row}>
      <a
        href={chatHref({ accountId: account.id, jid })}
        className={styles.person}
        data-row=""
        tabIndex={tabIndex}
        draggable={false}
      >
        <Avatar
          accountId={account.id}
          jid={jid}
          name={name}
          hash={contact.avatar}
          show={contact.presence.show}
        />
        <span className={styles.words}>
          <span className={styles.name}>
            <bdi>{name}</bdi>
          </span>
          <VisuallyHidden>, </VisuallyHidden>
          <span className={styles.detail}>
            <span>
              <bdi>{presenceWords(contact)}</bdi>
            </span>
            {name !== jid && (
              <span>
                <bdi>{jid}</bdi>
              </span>
            )}
            {accountShown && (
              <span>
                <bdi>{account.jid}</bdi>
              </span>
            )}
          </span>
        </span>
      </a>
      <MoreMenu
        name={`More about ${name}`}
        excludeFromTabOrder={tabIndex === -1}
        actions={[
          { name: 'Rename', icon: <Pencil />, run: onRename },
          { name: 'Remove contact', icon: <UserX />, danger: true, run: onRemove },
        ]}
      />
    </div>
  );
}
