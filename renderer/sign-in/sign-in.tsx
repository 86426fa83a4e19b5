/** Signing in to an account: the form, the progress in words, and what to do where it fails. */
import { Sailboat } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { Account } from '../../shared/contract/records.ts';
import { PortalLink } from '../app/portal-link.tsx';
import { TrustButton } from '../certificates/trust-button.tsx';
import { Button } from '../controls/button.tsx';
import { Mark } from '../controls/mark.tsx';
import { typedProxy } from '../proxy/typed-proxy.ts';
import { useAccounts } from '../state/page-context.tsx';
import { useAttempt } from './attempt.ts';
import { Progress } from './progress.tsx';
import styles from './sign-in.module.css';
import { SignInForm, type Typed } from './sign-in-form.tsx';

/** @param onDone the account is online, or the person gave up and has another one */
export function SignIn({ onDone }: { onDone: () => void }) {
  const attempt = useAttempt();
  const [typed, setTyped] = useState<Typed>({
    ...{ address: '', password: '', endpoint: '' },
    proxy: typedProxy(undefined),
  });
  const before = useAccountsBefore();
  const others = before.length > 0;
  const wasHere = before.some(({ playground }) => playground !== undefined);
  const finish = useRef(onDone);
  finish.current = onDone;

  useEffect(() => {
    if (attempt.stage === 'done') finish.current();
  }, [attempt.stage]);

  const giveUp = async (): Promise<void> => {
    await attempt.cancel();
    onDone();
  };

  return (
    <main className={styles.place}>
      <div className={styles.card}>
        <header className={styles.header}>
          <Mark />
          <h1>{others ? 'Add another account' : 'Sign in to Holdfast'}</h1>
          <p>Chat with your XMPP account, through any network that lets web pages through.</p>
        </header>
        {attempt.stage === 'form' ? (
          <>
            <SignInForm
              typed={typed}
              onType={setTyped}
              problem={attempt.problem}
              onSubmit={(credentials) => void attempt.start(credentials)}
              onCancel={others ? () => void giveUp() : undefined}
            />
            {!wasHere && <LookAround onPress={() => void attempt.lookAround()} />}
          </>
        ) : (
          <Progress
            address={attempt.address ?? typed.address}
            endpoint={typed.endpoint}
            phase={attempt.phase}
            problem={attempt.problem}
            retryAt={attempt.retryAt}
            onCancel={() => void attempt.cancel()}
            waysRound={
              <PortalLink
                problem={attempt.problem}
                account={{
                  id: attempt.accountId,
                  jid: attempt.address ?? typed.address,
                  endpoint: typed.endpoint,
                }}
              />
            }
          >
            {attempt.accountId !== undefined && (
              <TrustButton accountId={attempt.accountId} problem={attempt.problem} />
            )}
          </Progress>
        )}
      </div>
    </main>
  );
}

/** The other way in: no account, no network, and everybody is made up. */
function LookAround({ onPress }: { onPress: () => void }) {
  const words = useId();
  return (
    <section className={styles.lookAround} aria-label="Without an account">
      <Button onPress={onPress} aria-describedby={words}>
        <Sailboat aria-hidden="true" /> Look around without an account
      </Button>
      <p id={words}>Opens a playground inside Holdfast. Nothing leaves this computer.</p>
    </section>
  );
}

/** The accounts there were already when the sign-in was opened. */
function useAccountsBefore(): readonly Account[] {
  const accounts = useAccounts();
  const [before] = useState(() => [...accounts.values()].map(({ account }) => account));
  return before;
}
