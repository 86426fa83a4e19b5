/** A few facts in small print, each a term beside what it is: a `div` with `dt` and `dd`. */
import type { ReactNode } from 'react';
import { classes } from './class-names.ts';
import styles from './fact-list.module.css';

interface FactListProps {
  /** The terms are several words long. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function FactList({ wide = false, children }: FactListProps) {
  return <dl className={classes(styles.facts, wide && styles.wide)}>{children}</dl>;
}
