/** Signing in to an account: the form, the progress in words, and what to do where it fails. */
import { useEffect, useRef, useState } from 'react';
import { Mark } from '../controls/mark.tsx';
import { useAccounts } from '../state/page-context.tsx';
import { useAttempt } from './attempt.ts';
import { Progress } from './progress.tsx';
import styles from './sign-in.module.css';
import { SignInForm, type Typed } from './sign-in-form.tsx';

/** @param onDone the account is online, or the person gave up and has another one */
export function SignIn({ onDone }: { onDone: () => void }) {
  const attempt = useAttempt();
  const [typed, setTyped] = useState<Typed>({ address: '', password: '', endpoint: '' });
  const others = useOthers();
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
          <SignInForm
            typed={typed}
            onType={setTyped}
            problem={attempt.problem}
            onSubmit={(credentials) => void attempt.start(credentials)}
            onCancel={others ? () => void giveUp() : undefined}
          />
        ) : (
          <Progress
            address={typed.address}
            phase={attempt.phase}
            problem={attempt.problem}
            retryAt={attempt.retryAt}
            onCancel={() => void attempt.cancel()}
          />
        )}
      </div>
    </main>
  );
}

/** Whether there was an account already when the sign-in was opened. */
function useOthers(): boolean {
  const count = useAccounts().size;
  const [others] = useState(count > 0);
  return others;
}
