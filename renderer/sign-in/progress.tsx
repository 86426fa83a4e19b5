/** A sign-in under way, as the steps it takes and the one it is at. */
import { Check, Circle, LoaderCircle } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { ConnectionPhase } from '../../shared/contract/records.ts';
import type { Problem } from '../../shared/problem.ts';
import { NextTry } from '../app/next-try.tsx';
import { Button } from '../controls/button.tsx';
import { classes } from '../controls/class-names.ts';
import { isForDoctor, useDoctor } from '../doctor/doctor-context.tsx';
import styles from './sign-in.module.css';

const STEPS: readonly (readonly [ConnectionPhase, string])[] = [
  ['finding-endpoint', 'Finding the endpoint'],
  ['opening-session', 'Opening the session'],
  ['signing-in', 'Signing in'],
  ['catching-up', 'Catching up'],
];

interface ProgressProps {
  readonly address: string;
  /** The BOSH address that was typed, or nothing. */
  readonly endpoint: string;
  readonly phase: ConnectionPhase;
  /** The last difficulty, while it is tried again. */
  readonly problem: Problem | undefined;
  readonly retryAt: number | undefined;
  readonly onCancel: () => void;
  /** With what is said of the difficulty: other ways round it. */
  readonly waysRound?: ReactNode;
  /** Beside Cancel, for what stands in the way. */
  readonly children?: ReactNode;
}

/** `reconnecting` is the network's doing: the steps stay and it is said that it goes on. */
export function Progress({
  address,
  endpoint,
  phase,
  problem,
  retryAt,
  onCancel,
  waysRound,
  children,
}: ProgressProps) {
  const openDoctor = useDoctor();
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  const retrying = phase === 'reconnecting';
  const reached = STEPS.findIndex(([step]) => step === phase);
  return (
    <div className={styles.progress}>
      <p className={styles.address}>
        <bdi>{address}</bdi>
      </p>
      <ol className={styles.steps}>
        {STEPS.map(([step, words], index) => (
          <li
            key={step}
            className={classes(index === reached && styles.now, index > reached && styles.later)}
            aria-current={index === reached ? 'step' : undefined}
          >
            <StepIcon done={index < reached} now={index === reached} />
            {words}
          </li>
        ))}
      </ol>
      {retrying ? (
        <div className={styles.trouble}>
          <p role="status">
            Trying again. {problem?.message} {problem?.advice}
          </p>
          {retryAt !== undefined && <NextTry at={retryAt} />}
          <div className={styles.ways}>
            {waysRound}
            {isForDoctor(problem) && (
              <Button onPress={() => openDoctor({ jid: address, endpoint })}>Find out why</Button>
            )}
          </div>
        </div>
      ) : (
        <p className={styles.said} role="status">
          {STEPS[reached]?.[1] ?? 'Starting'}…
        </p>
      )}
      {children}
      <Button ref={cancel} onPress={onCancel}>
        Cancel
      </Button>
    </div>
  );
}

function StepIcon({ done, now }: { done: boolean; now: boolean }) {
  if (done) return <Check aria-label="Done:" className={styles.done} />;
  return now ? (
    <LoaderCircle aria-hidden="true" className={styles.turning} />
  ) : (
    <Circle aria-hidden="true" />
  );
}
