/** The last exchanges: the waterfall with its choice of time window, and the same as a table. */
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import type { Health } from '../../shared/health.ts';
import { formatCounted } from '../../shared/units.ts';
import { classes } from '../controls/class-names.ts';
import { Segments } from '../controls/segments.tsx';
import { ExchangeTable } from './exchange-table.tsx';
import { ExchangeWaterfall } from './exchange-waterfall.tsx';
import styles from './exchanges.module.css';
import { Section } from './section.tsx';
import { type AxisChoice, axisChoices } from './waterfall.ts';

const axisWords: Readonly<Record<AxisChoice, string>> = {
  steps: 'Steps',
  '10 s': '10 s',
  '1 min': '1 min',
  '5 min': '5 min',
};

export function Exchanges({ health, now }: { readonly health: Health; readonly now: number }) {
  const [axis, setAxis] = useState<AxisChoice>('steps');
  return (
    <Section
      title="Last exchanges"
      aside={
        <Segments
          label="Time window"
          values={axisChoices}
          words={axisWords}
          chosen={axis}
          onChoose={setAxis}
        />
      }
    >
      {health.exchanges.length === 0 ? (
        <p className={styles.nothing}>No request has been sent yet.</p>
      ) : (
        <>
          <ExchangeWaterfall health={health} choice={axis} now={now} />
          <Disclosure className={classes(styles.disclosure)}>
            <Heading level={4} className={classes(styles.disclosureHeading)}>
              <Button slot="trigger" className={classes(styles.trigger)}>
                <ChevronRight aria-hidden size="1rem" className={styles.chevron} />
                {formatCounted(health.exchanges.length, 'exchange')} as a table
              </Button>
            </Heading>
            <DisclosurePanel>
              <ExchangeTable health={health} now={now} />
            </DisclosurePanel>
          </Disclosure>
        </>
      )}
    </Section>
  );
}
