/** Which account is meant; shown only where there is more than one. */
import { ChevronDown } from 'lucide-react';
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components';
import type { Account } from '../../shared/contract/records.ts';
import { useAccounts } from '../state/page-context.tsx';
import { classes } from './class-names.ts';
import styles from './menu.module.css';

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
    ...accounts.map((account: Account) => ({ id: account.id, name: account.jid })),
  ];
  return (
    <Select
      className={classes(styles.select, asFilter && styles.compact)}
      value={value ?? ALL}
      onChange={(key) => onChange(key === ALL || key === null ? undefined : String(key))}
    >
      <Label className={classes(styles.selectLabel)}>Account</Label>
      <Button className={classes(styles.selectButton)}>
        <SelectValue className={classes(styles.selectValue)} />
        <ChevronDown aria-hidden="true" />
      </Button>
      <Popover className={classes(styles.popover, styles.options)} offset={4}>
        <ListBox className={classes(styles.menu)} items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.name} className={classes(styles.item)}>
              {option.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
