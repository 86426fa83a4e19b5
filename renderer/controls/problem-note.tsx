/** A problem as a person reads it: what happened, what to do, and the technical detail on request. */
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Problem } from '../../shared/problem.ts';
import styles from './problem-note.module.css';

interface ProblemNoteProps {
  readonly problem: Problem;
  /** Buttons that follow the advice. */
  readonly children?: ReactNode;
}

/** Read out as soon as it appears. */
export function ProblemNote({ problem, children }: ProblemNoteProps) {
  return (
    <div className={styles.note} role="alert">
      <CircleAlert aria-hidden="true" />
      <div className={styles.words}>
        <p className={styles.message}>{problem.message}</p>
        {problem.advice !== '' && <p className={styles.advice}>{problem.advice}</p>}
        <details className={styles.details}>
          <summary>Details</summary>
          <p>
            {problem.code}
            {problem.detail === undefined ? '' : `: ${problem.detail}`}
          </p>
        </details>
      </div>
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
