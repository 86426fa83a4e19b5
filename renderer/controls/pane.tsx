/** A column with a heading, a row of controls under it, and content that fills the rest. */
import { type ReactNode, useId } from 'react';
import styles from './pane.module.css';

interface PaneProps {
  readonly title: string;
  /** Beside the heading. */
  readonly action?: ReactNode;
  /** Under the heading. */
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** A region named by its heading. */
export function Pane({ title, action, tools, children }: PaneProps) {
  const headingId = useId();
  return (
    <section className={styles.pane} aria-labelledby={headingId}>
      <header className={styles.head}>
        <div className={styles.headline}>
          <h2 id={headingId}>{title}</h2>
          {action}
        </div>
        {tools}
      </header>
      {children}
    </section>
  );
}
