/** The top of the health panel: state, protocol word and one sentence. Only a new state is announced. */
import { CircleCheck, LoaderCircle, TriangleAlert, Unplug } from 'lucide-react';
import type { Account } from '../../shared/contract/records.ts';
import type { Health } from '../../shared/health.ts';
import styles from './state-summary.module.css';
import { summarise, type Tone } from './summary.ts';

const icons: Readonly<Record<Tone, typeof CircleCheck>> = {
  good: CircleCheck,
  working: LoaderCircle,
  trouble: TriangleAlert,
  off: Unplug,
};

export function StateSummary(props: {
  readonly account: Account;
  readonly health: Health | undefined;
  readonly now: number;
}) {
  const { tone, title, word, sentence, next } = summarise(props.account, props.health, props.now);
  const Icon = icons[tone];
  return (
    <section className={styles.summary} data-tone={tone} aria-label="State">
      <Icon aria-hidden className={styles.icon} size="1.75rem" />
      <div className={styles.words}>
        <p className={styles.state}>
          <strong role="status" className={styles.title}>
            {title}
          </strong>
          <code className={styles.word} title="The protocol's word for this state">
            {word}
          </code>
        </p>
        <p className={styles.sentence}>{sentence}</p>
        {next && <p className={styles.next}>{next}</p>}
      </div>
    </section>
  );
}
