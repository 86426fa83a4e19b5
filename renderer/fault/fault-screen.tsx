/** What stands where a part of the window has stopped: what happened, what goes on all the same, what to do. */
import { LifeBuoy, RotateCw } from 'lucide-react';
import { useId } from 'react';
import { Button } from '../controls/button.tsx';
import { classes } from '../controls/class-names.ts';
import { CopyReport } from '../health/copy-report.tsx';
import styles from './fault-screen.module.css';

interface FaultScreenProps {
  /** The whole window has stopped, not a part of it. */
  readonly isWindow: boolean;
  /** To hand on; free of secrets. */
  readonly details: string;
  readonly onReload: () => void;
  /** Shows the part again; absent where only a reload can help. */
  readonly onRetry?: (() => void) | undefined;
}

/** Fills the room it is given; read out when it appears. */
export function FaultScreen({ isWindow, details, onReload, onRetry }: FaultScreenProps) {
  const title = useId();
  const [Place, Title] = isWindow ? (['main', 'h1'] as const) : (['section', 'h2'] as const);
  return (
    <Place className={classes(styles.fault, isWindow && styles.window)} aria-labelledby={title}>
      <span className={styles.icon}>
        <LifeBuoy aria-hidden="true" />
      </span>
      <div role="alert" className={styles.words}>
        <Title id={title}>
          {isWindow ? 'This window has stopped' : 'This part of the window has stopped'}
        </Title>
        <p>
          The fault is in Holdfast itself, not in your network, your account or anything you did.
          Messages are still sent and received
          {isWindow ? '' : ', and everything around this part works'}.
        </p>
        <p>Reload the window. If it stops again, copy the details and tell us.</p>
      </div>
      <div className={styles.actions}>
        <Button weight="primary" onPress={onReload}>
          <RotateCw aria-hidden="true" /> Reload
        </Button>
        {onRetry && <Button onPress={onRetry}>Try again</Button>}
        <CopyReport name="Copy details" copyReport={async () => details} />
      </div>
      <details className={styles.details}>
        <summary>Details</summary>
        <pre dir="ltr">{details}</pre>
      </details>
    </Place>
  );
}
