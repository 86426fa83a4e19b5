/** A problem as a person reads it: what happened, what to do, and the technical detail on request. */
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Problem } from '../../shared/problem.ts';
import { classes } from './class-names.ts';
import styles from './problem-note.module.css';

interface ProblemNoteProps {
  readonly problem: Problem;
  /** True where Holdfast goes on by itself: calmer to see, and read out politely. */
  readonly passing?: boolean;
  /** Buttons that follow the advice. */
  readonly children?: ReactNode;
}

/** Read out when it appears. */
export function ProblemNote({ problem, passing = false, children }: ProblemNoteProps) {
  return (
    <div
      className={classes(styles.note, passing && styles.passing)}
      role={passing ? 'status' : 'alert'}
    >
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
