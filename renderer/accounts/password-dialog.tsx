/** Gives Holdfast the account's new password, after it was changed on the server. */
import { useState } from 'react';
import type { Account } from '../../shared/contract/records.ts';
import { FormDialog } from '../controls/dialog.tsx';
import { Field } from '../controls/field.tsx';
import { checkPassword } from '../sign-in/check.ts';
import { usePage } from '../state/page-context.tsx';

/** Open as long as it is rendered; signs in again with the new password. */
export function PasswordDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { commands } = usePage();
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string>();
  const submit = (): Promise<void> | false => {
    const wrong = checkPassword(password);
    setError(wrong);
    if (wrong !== undefined) return false;
    return commands['accounts.signIn']({ accountId: account.id, password }).then(() => undefined);
  };
  return (
    <FormDialog title="New password" action="Save" onClose={onClose} onSubmit={submit}>
      <Field
        label="Password"
        type="password"
        value={password}
        onChange={setPassword}
        error={error}
        hint={`The password that ${account.jid} has on its server now. Saving signs in again.`}
        autoComplete="current-password"
        autoFocus
      />
    </FormDialog>
  );
}
