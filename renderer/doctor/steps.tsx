/** The steps of an examination in their order, each with its time, result and advice as soon as it is over. */
import { Check, Circle, CircleMinus, Info, LoaderCircle, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { DoctorStep } from '../../shared/doctor.ts';
import { stepStateWords, stepWords } from '../../shared/doctor-words.ts';
import { formatDuration, formatRemaining } from '../../shared/units.ts';
import { useClock } from '../health/clock.ts';
import styles from './doctor.module.css';

const icons: Readonly<Record<DoctorStep['state'], typeof Check>> = {
  waiting: Circle,
  running: LoaderCircle,
  good: Check,
  limited: Info,
  bad: X,
  skipped: CircleMinus,
};

export function Steps({ steps }: { steps: readonly DoctorStep[] }) {
  return (
    <ol className={styles.steps} aria-label="Steps">
      {steps.map((step, index) => (
        <Step key={step.id} step={step} number={index + 1} />
      ))}
    </ol>
  );
}

function Step({ step, number }: { step: DoctorStep; number: number }) {
  const { id, state, result, advice, code, facts } = step;
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (state === 'running') item.current?.scrollIntoView({ block: 'nearest' });
  }, [state]);
  const Icon = icons[state];
  const details = [...(code === undefined ? [] : [{ name: 'Code', value: code }]), ...facts];
  return (
    <li
      ref={item}
      className={styles.step}
      data-state={state}
      aria-current={state === 'running' ? 'step' : undefined}
    >
      <Icon aria-label={stepStateWords[state]} role="img" className={styles.stepIcon} />
      <div className={styles.stepWords}>
        <p className={styles.stepName}>
          <span>
            {number}. {stepWords[id]}
          </span>
          <Time step={step} />
        </p>
        {result !== undefined && <p className={styles.result}>{result}</p>}
        {advice !== undefined && state !== 'good' && <p className={styles.advice}>{advice}</p>}
        {details.length > 0 && (
          <details className={styles.details}>
            <summary>Details</summary>
            <dl>
              {details.map(({ name, value }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  );
}

function Time({ step: { state, startedAt, endedAt } }: { step: DoctorStep }) {
  if (startedAt === undefined || endedAt === undefined || state === 'skipped') return null;
  return <span className={styles.time}>{formatDuration(endedAt - startedAt)}</span>;
}

/** What is left of a step that takes long. */
export function Countdown({ until }: { until: number }) {
  const left = until - useClock();
  return <span className={styles.time}>{left > 0 && `${formatRemaining(left)} left`}</span>;
}
