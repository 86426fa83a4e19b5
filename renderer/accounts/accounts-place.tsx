/** Accounts: each with how its connection stands and everything that can be changed about it. */
import { Plus } from 'lucide-react';
import { Authorities } from '../certificates/authorities.tsx';
import { Button } from '../controls/button.tsx';
import { Pane } from '../controls/pane.tsx';
import { KeptProxies } from '../proxy/kept-proxies.tsx';
import { useAccounts } from '../state/page-context.tsx';
import { AccountCard } from './account-card.tsx';
import styles from './accounts.module.css';
import { Http2Setting } from './http2-setting.tsx';

/** @param onAddAccount shows the sign-in for another account */
export function AccountsPlace({ onAddAccount }: { onAddAccount: () => void }) {
  const accounts = [...useAccounts().values()].map(({ account }) => account);
  return (
    <div className={styles.place}>
      <Pane
        title="Accounts"
        action={
          <Button onPress={onAddAccount}>
            <Plus aria-hidden="true" /> Add another account
          </Button>
        }
      >
        <ul className={styles.list} aria-label="Accounts">
          {accounts.map((account) => (
            <li key={account.id}>
              <AccountCard account={account} />
            </li>
          ))}
        </ul>
        <KeptProxies />
        <Authorities />
        <Http2Setting />
      </Pane>
    </div>
  );
}
