/** One account: its address, its connection in words, and what can be done. */
import { Sailboat } from 'lucide-react';
import { useId, useState } from 'react';
import type { Account } from '../../shared/contract/records.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { phaseTone, phaseWords } from '../app/connection-words.ts';
import { NextTry } from '../app/next-try.tsx';
import { PortalLink } from '../app/portal-link.tsx';
import { Exceptions } from '../certificates/exceptions.tsx';
import { TrustButton } from '../certificates/trust-button.tsx';
import { Avatar } from '../controls/avatar.tsx';
import { Button } from '../controls/button.tsx';
import { classes } from '../controls/class-names.ts';
import { ConfirmDialog } from '../controls/dialog.tsx';
import { FactList } from '../controls/fact-list.tsx';
import { ProblemNote } from '../controls/problem-note.tsx';
import { Tick } from '../controls/tick.tsx';
import { isForDoctor, useDoctor } from '../doctor/doctor-context.tsx';
import { ProxyDialog } from '../proxy/proxy-dialog.tsx';
import { proxyWords } from '../proxy/proxy-words.ts';
import { WRONG_PASSWORD } from '../sign-in/check.ts';
import { usePage } from '../state/page-context.tsx';
import styles from './accounts.module.css';
import { EndpointDialog } from './endpoint-dialog.tsx';
import { PasswordDialog } from './password-dialog.tsx';

/** What was discovered, a guess as a guess. */
function foundWords({ found, jid }: Account): string {
  if (!found) return 'Found by itself';
  const domain = jid.slice(jid.indexOf('@') + 1);
  return found.source === 'guess'
    ? `${found.url} (a guess that works: ${domain} does not name its address)`
    : `${found.url} (named by ${domain})`;
}

/** A region named by the account's address. */
export function AccountCard({ account }: { account: Account }) {
  const { commands } = usePage();
  const [dialog, setDialog] = useState<'endpoint' | 'password' | 'proxy' | 'remove'>();
  const openDoctor = useDoctor();
  const [refused, setRefused] = useState<Problem>();
  const headingId = useId();
  const { id: accountId, jid, connection, endpoint, playground } = account;
  const { phase, retryAt } = connection;
  const off = phase === 'offline' || phase === 'failed';
  const close = (): void => setDialog(undefined);
  const run = (work: Promise<unknown>): void => {
    setRefused(undefined);
    work.catch((thrown: unknown) => setRefused(problemOf(thrown)));
  };
  const problem = refused ?? connection.problem;
  const wrongPassword = phase === 'failed' && problem?.code === WRONG_PASSWORD;
  return (
    <section className={styles.card} aria-labelledby={headingId}>
      <div className={styles.who}>
        <Avatar accountId={accountId} jid={jid} name={account.name ?? jid} hash={account.avatar} />
        <div className={styles.words}>
          <h3 id={headingId}>
            <bdi>{jid}</bdi>
          </h3>
          <p className={styles.phase}>
            <span className={classes(styles.dot, styles[phaseTone(phase)])} aria-hidden="true" />
            <span role="status">{phaseWords(phase)}</span>
            {phase === 'reconnecting' && retryAt !== undefined && <NextTry at={retryAt} />}
          </p>
        </div>
      </div>
      <FactList wide>
        {account.name !== undefined && (
          <div>
            <dt>Name</dt>
            <dd dir="auto">{account.name}</dd>
          </div>
        )}
        <div>
          <dt>BOSH address</dt>
          <dd>
            <bdi>{endpoint ?? foundWords(account)}</bdi>
          </dd>
        </div>
        {!playground && (
          <div>
            <dt>Proxy</dt>
            <dd>
              <bdi>{proxyWords(account.proxy)}</bdi>
            </dd>
          </div>
        )}
      </FactList>
      {playground && (
        <p className={styles.playground}>
          <Sailboat aria-hidden="true" />
          <span>
            This is the playground: a server inside Holdfast, with people who are made up. Nothing
            leaves this computer. The connection panel has networks to try it on.
          </span>
        </p>
      )}
      {problem && (
        <ProblemNote problem={problem} passing={refused === undefined && phase === 'reconnecting'}>
          <PortalLink problem={problem} account={account} />
          {isForDoctor(problem) && (
            <Button onPress={() => openDoctor({ accountId, jid })}>Find out why</Button>
          )}
        </ProblemNote>
      )}
      {!playground && (
        <Tick
          isSelected={account.lowData === true}
          onChange={(lowData) => run(commands['accounts.setLowData']({ accountId, lowData }))}
        >
          <span>
            Use little data
            <span className={styles.hint}>
              Leaves out profile pictures and who is typing. From the next sign-in on, it also asks
              the server less often.
            </span>
          </span>
        </Tick>
      )}
      <Exceptions account={account} />
      <div className={styles.actions}>
        <TrustButton accountId={accountId} problem={problem} />
        {phase === 'reconnecting' && (
          <Button
            weight="primary"
            onPress={() => run(commands['accounts.retryNow']({ accountId }))}
          >
            Try now
          </Button>
        )}
        {off ? (
          <Button
            weight={wrongPassword ? 'plain' : 'primary'}
            onPress={() => run(commands['accounts.signIn']({ accountId }))}
          >
            Sign in
          </Button>
        ) : (
          <Button onPress={() => run(commands['accounts.signOut']({ accountId }))}>Sign out</Button>
        )}
        {!playground && (
          <>
            <Button
              weight={wrongPassword ? 'primary' : 'plain'}
              onPress={() => setDialog('password')}
            >
              New password
            </Button>
            <Button onPress={() => setDialog('endpoint')}>Change BOSH address</Button>
            <Button onPress={() => setDialog('proxy')}>Change proxy</Button>
          </>
        )}
        <Button weight="quiet" onPress={() => setDialog('remove')}>
          Remove account
        </Button>
      </div>
      {dialog === 'endpoint' && <EndpointDialog account={account} onClose={close} />}
      {dialog === 'proxy' && <ProxyDialog account={account} onClose={close} />}
      {dialog === 'password' && <PasswordDialog account={account} onClose={close} />}
      {dialog === 'remove' && (
        <ConfirmDialog
          title="Remove account?"
          text={playground ? PLAYGROUND_REMOVAL : accountRemoval(jid)}
          action="Remove"
          onClose={close}
          onConfirm={() => commands['accounts.remove']({ accountId }).then(() => undefined)}
        />
      )}
    </section>
  );
}

const PLAYGROUND_REMOVAL =
  'The playground is closed, and everything in it is forgotten. You can open a new one at any time.';

function accountRemoval(jid: string): string {
  return `${jid} is signed out, and its chats, messages and contacts are deleted from this computer. Nothing is deleted on the server.`;
}
