/** Adds a person to the contacts and asks to see when they are online. */
import { useState } from 'react';
import { AccountSelect } from '../controls/account-select.tsx';
import { FormDialog } from '../controls/dialog.tsx';
import { Field } from '../controls/field.tsx';
import { useAccounts, usePage } from '../state/page-context.tsx';
import { checkAddress } from './address.ts';

interface AddContactDialogProps {
  /** Where both are known already, only the name is asked for. */
  readonly accountId?: string;
  readonly jid?: string;
  readonly onClose: () => void;
}

/** Open as long as it is rendered. */
export function AddContactDialog({ accountId, jid = '', onClose }: AddContactDialogProps) {
  const { commands } = usePage();
  const [first] = useAccounts().keys();
  const [chosen, setChosen] = useState(accountId);
  const [address, setAddress] = useState(jid);
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();

  const submit = (): Promise<void> | false => {
    const checked = checkAddress(address);
    setError(checked.error);
    const target = chosen ?? first;
    if (checked.jid === undefined || target === undefined) return false;
    return commands['contacts.add']({
      accountId: target,
      jid: checked.jid,
      ...(name.trim() === '' ? {} : { name: name.trim() }),
    }).then(() => undefined);
  };

  return (
    <FormDialog title="Add contact" action="Add" onClose={onClose} onSubmit={submit}>
      {accountId === undefined && <AccountSelect value={chosen ?? first} onChange={setChosen} />}
      <Field
        label="Address"
        value={address}
        onChange={setAddress}
        error={error}
        hint="They are asked whether you may see when they are online."
        placeholder="name@example.org"
        inputMode="email"
        autoComplete="off"
        autoFocus={jid === ''}
      />
      <Field
        label="Name (optional)"
        value={name}
        onChange={setName}
        autoComplete="off"
        maxLength={1024}
        autoFocus={jid !== ''}
      />
    </FormDialog>
  );
}
