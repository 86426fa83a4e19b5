/** Starts a chat with anybody who has an address; contacts are offered as one types. */
import { useState } from 'react';
import { goTo } from '../app/route.ts';
import { checkAddress } from '../contacts/address.ts';
import { AccountSelect } from '../controls/account-select.tsx';
import { Avatar } from '../controls/avatar.tsx';
import { FormDialog } from '../controls/dialog.tsx';
import { Field } from '../controls/field.tsx';
import { nameOf } from '../state/names.ts';
import { useAccount, useAccounts, usePage } from '../state/page-context.tsx';
import styles from './new-chat-dialog.module.css';
import { matches } from './order.ts';

/** More would make the dialog jump. */
const MOST_OFFERED = 4;

/** Open as long as it is rendered. */
export function NewChatDialog({ onClose }: { onClose: () => void }) {
  const { commands } = usePage();
  const [first] = useAccounts().keys();
  const [chosen, setChosen] = useState<string>();
  const [address, setAddress] = useState('');
  const [error, setError] = useState<string>();
  const accountId = chosen ?? first;
  const account = useAccount(accountId);
  const offered = [...(account?.contacts.values() ?? [])]
    .filter(({ inRoster, jid }) => inRoster && matches(address, nameOf(account, jid), jid))
    .slice(0, MOST_OFFERED);

  const start = async (jid: string): Promise<void> => {
    if (accountId === undefined) return;
    await commands['chats.open']({ accountId, jid });
    goTo({ place: 'chats', chat: { accountId, jid } });
  };

  const submit = (): Promise<void> | false => {
    const checked = checkAddress(address);
    setError(checked.error);
    return checked.jid === undefined ? false : start(checked.jid);
  };

  return (
    <FormDialog title="New chat" action="Start chat" onClose={onClose} onSubmit={submit}>
      <AccountSelect value={accountId} onChange={setChosen} />
      <Field
        label="Address"
        value={address}
        onChange={setAddress}
        error={error}
        placeholder="name@example.org"
        inputMode="email"
        autoComplete="off"
        autoFocus
      />
      {offered.length > 0 && (
        <ul className={styles.offered} aria-label="Contacts">
          {offered.map(({ jid, avatar }) => (
            <li key={jid}>
              <button
                type="button"
                className={styles.contact}
                onClick={() => {
                  setAddress(jid);
                  setError(undefined);
                }}
              >
                <Avatar
                  accountId={accountId ?? ''}
                  jid={jid}
                  name={nameOf(account, jid)}
                  hash={avatar}
                  size="1.75rem"
                />
                <bdi className={styles.name}>{nameOf(account, jid)}</bdi>
                {nameOf(account, jid) !== jid && <bdi className={styles.jid}>{jid}</bdi>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </FormDialog>
  );
}
