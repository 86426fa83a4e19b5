/** Where the connection-health panel stands: beside the content on wide windows, over it on others. */
import { lazy, Suspense, useState } from 'react';
import { AccountSelect } from '../controls/account-select.tsx';
import { WideDialog } from '../controls/wide-dialog.tsx';
import { useDoctor } from '../doctor/doctor-context.tsx';
import { FaultBoundary } from '../fault/fault-boundary.tsx';
import { useAccounts, usePage, usePageState } from '../state/page-context.tsx';
import { mostPressing } from './connection-words.ts';
import styles from './health-drawer.module.css';
import { useHistory, useLimits } from './use-health.ts';

const HealthPanel = lazy(() =>
  import('../health/health-panel.tsx').then((module) => ({ default: module.HealthPanel })),
);

const XmlConsoleDialog = lazy(() =>
  import('../console/xml-console-dialog.tsx').then((module) => ({
    default: module.XmlConsoleDialog,
  })),
);

interface HealthDrawerProps {
  /** The account of the open chat, shown first. */
  readonly preferred: string | undefined;
  readonly onClose: () => void;
}

/** Shows one account's health; with several accounts one can choose. */
export function HealthDrawer({ preferred, onClose }: HealthDrawerProps) {
  const { commands } = usePage();
  const openDoctor = useDoctor();
  const accounts = useAccounts();
  const [chosen, setChosen] = useState<string>();
  const [consoleShown, setConsoleShown] = useState(false);
  const closeConsole = () => setConsoleShown(false);
  const pressing = mostPressing([...accounts.values()].map(({ account }) => account));
  const account = [chosen, preferred, pressing?.id]
    .map((id) => (id === undefined ? undefined : accounts.get(id)))
    .find((candidate) => candidate !== undefined);
  const accountId = account?.account.id ?? '';
  const health = usePageState((state) => state.health.get(accountId));
  const history = useHistory(account?.account.id);
  const limits = useLimits(account?.account.id, history, health?.rung?.at);
  if (!account) return null;
  return (
    <div className={styles.drawer}>
      {accounts.size > 1 && (
        <div className={styles.choice}>
          <AccountSelect value={accountId} onChange={setChosen} />
        </div>
      )}
      <div className={styles.panel}>
        <FaultBoundary part="connection health" shows={accountId}>
          <Suspense fallback={null}>
            <HealthPanel
              key={accountId}
              account={account.account}
              health={health}
              history={history}
              limits={limits}
              forgetLimits={async () => void (await commands['health.forgetLimits']({ accountId }))}
              onClose={onClose}
              onConsole={() => setConsoleShown(true)}
              onExamine={() => openDoctor({ accountId, jid: account.account.jid })}
              copyReport={async () => (await commands['health.report']({ accountId })).text}
              playNetwork={async (network) =>
                void (await commands['playground.network']({ network }))
              }
            />
          </Suspense>
        </FaultBoundary>
        {consoleShown && (
          <FaultBoundary
            part="XML console"
            frame={(screen) => (
              <WideDialog title="XML console" onClose={closeConsole}>
                {screen}
              </WideDialog>
            )}
          >
            <Suspense fallback={null}>
              <XmlConsoleDialog account={account.account} onClose={closeConsole} />
            </Suspense>
          </FaultBoundary>
        )}
      </div>
    </div>
  );
}
