/** Words for assistive technology only. */
import type { ReactNode } from 'react';
import styles from './visually-hidden.module.css';

interface VisuallyHiddenProps {
  readonly id?: string;
  readonly children: ReactNode;
}

/** Text that is read but not seen. */
export function VisuallyHidden({ id, children }: VisuallyHiddenProps) {
  return (
    <span className={styles.hidden} {...(id === undefined ? {} : { id })}>
      {children}
    </span>
  );
}
