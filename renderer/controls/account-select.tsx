/** Which account is meant; shown only where there is more than one. */
import { useAccounts } from '../state/page-context.tsx';
import { Choice } from './choice.tsx';

interface AccountSelectProps {
  /** The chosen account's id; undefined is all of them. */
  readonly value: string | undefined;
  readonly onChange: (accountId: string | undefined) => void;
  /** Offers "All accounts" too, and takes little room. */
  readonly asFilter?: boolean;
}

const ALL = '';

/** A choice among the accounts; nothing at all where there is one. */
export function AccountSelect({ value, onChange, asFilter = false }: AccountSelectProps) {
  const accounts = [...useAccounts().values()].map(({ account }) => account);
  if (accounts.length < 2) return null;
  const options = [
    ...(asFilter ? [{ id: ALL, name: 'All accounts' }] : []),
    ...accounts.map(({ id, jid }) => ({ id, name: jid })),
  ];
  return (
    <Choice
      label="Account"
      options={options}
      value={value ?? ALL}
      onChange={(id) => onChange(id === ALL ? undefined : id)}
      compact={asFilter}
    />
  );
}
