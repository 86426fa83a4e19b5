/** A line for each account that is not online though it should be: what happens, and what can be done. */
import { CircleAlert, LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Account } from '../../shared/contract/records.ts';
import { Button } from '../controls/button.tsx';
import { classes } from '../controls/class-names.ts';
import { isForDoctor, useDoctor } from '../doctor/doctor-context.tsx';
import { useAccounts, usePage } from '../state/page-context.tsx';
import styles from './connection-bars.module.css';
import { phaseWords } from './connection-words.ts';
import { NextTry } from './next-try.tsx';
import { PortalLink } from './portal-link.tsx';
import { goTo } from './route.ts';

/** A sign-in that takes no longer than this is not worth a line that comes and goes. */
const PATIENCE = 900;

/** Empty while all is well. */
export function ConnectionBars() {
  const accounts = [...useAccounts().values()].map(({ account }) => account);
  const troubled = accounts.filter(
    ({ enabled, connection }) =>
      enabled && connection.phase !== 'online' && connection.phase !== 'offline',
  );
  return (
    <div className={styles.bars}>
      {troubled.map((account) => (
        <Bar key={account.id} account={account} named={accounts.length > 1} />
      ))}
    </div>
  );
}

function Bar({ account, named }: { account: Account; named: boolean }) {
  const { phase } = account.connection;
  const patient = usePatience(phase === 'failed' || phase === 'reconnecting');
  if (!patient) return null;
  return (
    <section
      className={classes(styles.bar, phase === 'failed' && styles.bad)}
      aria-label={named ? `Connection of ${account.jid}` : 'Connection state'}
    >
      {phase === 'failed' ? (
        <CircleAlert aria-hidden="true" />
      ) : (
        <LoaderCircle aria-hidden="true" className={styles.turning} />
      )}
      <div className={styles.words}>
        {named && (
          <span className={styles.account} dir="auto">
            {account.jid}
          </span>
        )}
        <Words account={account} />
      </div>
      <Action account={account} />
    </section>
  );
}

function Words({ account }: { account: Account }) {
  const { phase, problem, retryAt } = account.connection;
  if (phase === 'failed') {
    return (
      <span role="alert">
        {problem?.message ?? 'The connection ended.'} {problem?.advice}
      </span>
    );
  }
  return (
    <>
      <span role="status">{phaseWords(phase)}</span>
      {phase === 'reconnecting' && retryAt !== undefined && <NextTry at={retryAt} />}
      {phase === 'reconnecting' && problem && (
        <span className={styles.reason}>{problem.message}</span>
      )}
    </>
  );
}

function Action({ account }: { account: Account }) {
  const { commands } = usePage();
  const openDoctor = useDoctor();
  const { phase, problem } = account.connection;
  if (phase !== 'failed' && phase !== 'reconnecting') return null;
  const { id: accountId, jid } = account;
  return (
    <div className={styles.actions}>
      <PortalLink weight="quiet" problem={problem} account={account} />
      {isForDoctor(problem) && (
        <Button weight="quiet" onPress={() => openDoctor({ accountId, jid })}>
          Find out why
        </Button>
      )}
      {phase === 'failed' ? (
        <Button weight="quiet" onPress={() => goTo({ place: 'accounts' })}>
          See account
        </Button>
      ) : (
        <Button
          weight="quiet"
          onPress={() => void commands['accounts.retryNow']({ accountId }).catch(ignore)}
        >
          Try now
        </Button>
      )}
    </div>
  );
}

/** Where Holdfast itself is out of reach, the page says so in its own banner. */
function ignore(): void {}

function usePatience(atOnce: boolean): boolean {
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWaited(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return waited || atOnce;
}
