/** Changes where an account's BOSH endpoint is. */
import { useState } from 'react';
import type { Account } from '../../shared/contract/records.ts';
import { FormDialog } from '../controls/dialog.tsx';
import { Field } from '../controls/field.tsx';
import { checkEndpoint } from '../sign-in/check.ts';
import { usePage } from '../state/page-context.tsx';

/** Open as long as it is rendered; signs in again with the new address. */
export function EndpointDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { commands } = usePage();
  const [endpoint, setEndpoint] = useState(account.endpoint ?? '');
  const [error, setError] = useState<string>();
  const submit = (): Promise<void> | false => {
    const wrong = checkEndpoint(endpoint);
    setError(wrong);
    if (wrong !== undefined) return false;
    return commands['accounts.signIn']({
      accountId: account.id,
      endpoint: endpoint.trim(),
    }).then(() => undefined);
  };
  return (
    <FormDialog title="Change BOSH address" action="Save" onClose={onClose} onSubmit={submit}>
      <Field
        label="BOSH address"
        value={endpoint}
        onChange={setEndpoint}
        error={error}
        hint="Left empty, Holdfast looks for it by itself. Saving signs in again."
        placeholder="https://example.org/http-bind"
        inputMode="url"
        autoComplete="off"
        autoFocus
      />
    </FormDialog>
  );
}
