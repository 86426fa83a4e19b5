/** Changes how an account's traffic leaves this computer. */
import { useState } from 'react';
import type { Account } from '../../shared/contract/records.ts';
import { FormDialog } from '../controls/dialog.tsx';
import { usePage } from '../state/page-context.tsx';
import { ProxyFields } from './proxy-fields.tsx';
import { checkProxy, type ProxyErrors, typedProxy } from './typed-proxy.ts';

/** Open as long as it is rendered; the connections are made anew, and the session goes on. */
export function ProxyDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { commands } = usePage();
  const [typed, setTyped] = useState(() => typedProxy(account.proxy));
  const [errors, setErrors] = useState<ProxyErrors>({});
  const submit = (): Promise<void> | false => {
    const checked = checkProxy(typed);
    setErrors(checked.errors);
    if (checked.setting === undefined) return false;
    return commands['accounts.setProxy']({ accountId: account.id, proxy: checked.setting }).then(
      () => undefined,
    );
  };
  return (
    <FormDialog title="Change proxy" action="Save" onClose={onClose} onSubmit={submit}>
      <ProxyFields typed={typed} errors={errors} onType={setTyped} />
    </FormDialog>
  );
}
