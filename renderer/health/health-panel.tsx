/**
 * The connection-health panel: what one account's BOSH session is doing, for everybody at the top and
 * for an administrator below. Shows the reading it is given and works the rest out from the clock.
 */
import { CodeXml, Stethoscope, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import type { ConnectionEvent } from '../../shared/connection-history.ts';
import type { Account } from '../../shared/contract/records.ts';
import type { Health } from '../../shared/health.ts';
import type { KnownLimits } from '../../shared/path-limits.ts';
import type { PlaygroundNetwork } from '../../shared/playground.ts';
import { Button, IconButton } from '../controls/button.tsx';
import { useClock } from './clock.ts';
import { CopyReport } from './copy-report.tsx';
import { EventLog } from './event-log.tsx';
import { Exchanges } from './exchanges.tsx';
import styles from './health-panel.module.css';
import { LastDay } from './last-day.tsx';
import { LastError } from './last-error.tsx';
import { LastRecovery } from './last-recovery.tsx';
import { LearnedLimits } from './learned-limits.tsx';
import { PlayedNetwork } from './played-network.tsx';
import { Requests } from './requests.tsx';
import { Endpoint, Granted, Session } from './session-facts.tsx';
import { StateSummary } from './state-summary.tsx';
import { Traffic } from './traffic.tsx';

export interface HealthPanelProps {
  readonly account: Account;
  /** Absent: the account has no session now. */
  readonly health: Health | undefined;
  /** What happened to the connection in the last day, oldest first; absent until it is loaded. */
  readonly history?: readonly ConnectionEvent[] | undefined;
  /** What was learned about the network; absent until it is loaded. */
  readonly limits?: KnownLimits | undefined;
  forgetLimits(): Promise<void>;
  onClose(): void;
  /** Opens the doctor. */
  onExamine(): void;
  /** Opens the XML console. */
  onConsole(): void;
  /** Answers the redacted report as text. */
  copyReport(): Promise<string>;
  /** Changes the network of the playground, for its account. */
  playNetwork(network: PlaygroundNetwork): Promise<void>;
}

/** A side panel that fills the place it is put in and scrolls by itself; Escape inside it closes it. */
export function HealthPanel(props: HealthPanelProps) {
  const { account, health, history, limits, forgetLimits } = props;
  const { onClose, onExamine, onConsole, copyReport, playNetwork } = props;
  const heading = useId();
  const panel = useRef<HTMLElement>(null);
  useFocusWhileOpen(panel);
  const clock = useClock();
  const now = Math.max(clock, health?.takenAt ?? 0);

  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    onClose();
  };

  const troubled = health?.state === 'broken' || health?.state === 'closed';
  const lastError = health?.lastProblem && (
    <LastError problem={health.lastProblem} now={now} told={troubled} />
  );
  return (
    <aside
      ref={panel}
      className={styles.panel}
      aria-labelledby={heading}
      tabIndex={-1}
      onKeyDown={closeOnEscape}
    >
      <header className={styles.header}>
        <div className={styles.titles}>
          <h2 id={heading}>Connection health</h2>
          <p className={styles.account}>
            <bdi>{account.jid}</bdi>
          </p>
        </div>
        <IconButton name="Close" onPress={onClose}>
          <X aria-hidden />
        </IconButton>
        <div className={styles.actions}>
          <Button onPress={onExamine}>
            <Stethoscope aria-hidden="true" /> Examine
          </Button>
          <Button onPress={onConsole}>
            <CodeXml aria-hidden="true" /> XML console
          </Button>
          <CopyReport copyReport={copyReport} />
        </div>
      </header>
      <StateSummary account={account} health={health} now={now} />
      {account.playground && (
        <PlayedNetwork network={account.playground.network} play={playNetwork} />
      )}
      {health && troubled && lastError}
      {history && (
        <>
          <LastDay events={history} now={now} />
          <LastRecovery events={history} now={now} />
        </>
      )}
      {health && (
        <>
          <Requests health={health} now={now} />
          <Exchanges health={health} now={now} />
          <Traffic health={health} />
          <Session health={health} now={now} />
          <Endpoint health={health} now={now} />
          <Granted health={health} />
          {!troubled && lastError}
        </>
      )}
      {limits && <LearnedLimits known={limits} now={now} forget={forgetLimits} />}
      {history && <EventLog events={history} now={now} />}
    </aside>
  );
}

/** Takes the focus when the panel opens, and gives it back when the panel closes with the focus inside. */
function useFocusWhileOpen(panel: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = panel.current;
    const before = document.activeElement;
    element?.focus({ preventScroll: true });
    return () => {
      const lost =
        document.activeElement === document.body || element?.contains(document.activeElement);
      if (lost && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [panel]);
}
