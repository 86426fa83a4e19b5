/** The last exchanges: the waterfall with its choice of time window, and the same as a table. */
import { useState } from 'react';
import type { Health } from '../../shared/health.ts';
import { formatCounted } from '../../shared/units.ts';
import { Segments } from '../controls/segments.tsx';
import { ExchangeTable } from './exchange-table.tsx';
import { ExchangeWaterfall } from './exchange-waterfall.tsx';
import styles from './exchanges.module.css';
import { Expander } from './expander.tsx';
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
          <Expander title={`${formatCounted(health.exchanges.length, 'exchange')} as a table`}>
            <ExchangeTable health={health} now={now} />
          </Expander>
        </>
      )}
    </Section>
  );
}
