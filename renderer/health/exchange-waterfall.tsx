/**
 * The last exchanges as bars on one lane a connection, time running towards the inline end. The style
 * sheet places the bars from their times and `--now`, so that they move without being rendered again.
 */
import { type CSSProperties, useRef, useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import type { ExchangeReading, Health } from '../../shared/health.ts';
import { describeExchange, outcomeWords } from '../../shared/health-words.ts';
import { formatBytes, formatDuration } from '../../shared/units.ts';
import { classes } from '../controls/class-names.ts';
import { useMovingNow } from './clock.ts';
import styles from './exchange-waterfall.module.css';
import {
  type Axis,
  type AxisChoice,
  type Bar,
  exchangeKey,
  laneCount,
  layOut,
} from './waterfall.ts';

export function ExchangeWaterfall(props: {
  readonly health: Health;
  readonly choice: AxisChoice;
  readonly now: number;
}) {
  const { health, choice, now } = props;
  const plot = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<string>();
  const [pointed, setPointed] = useState<string>();
  const axis = layOut(choice, health.exchanges, health.takenAt, now);
  useMovingNow(plot, { ...axis, still: axis.now });

  const isHeld = (exchange: ExchangeReading) =>
    exchange.outcome === 'in-flight' && exchange.rid === health.heldRequest?.rid;
  const shown = health.exchanges.find((exchange) => {
    const key = exchangeKey(exchange);
    return key === (pointed ?? chosen);
  });
  const lanes = Array.from({ length: laneCount(health.exchanges) }, (_, lane) => lane);
  const measures = { '--span': axis.span, '--lanes': lanes.length } as CSSProperties;

  return (
    <figure className={styles.figure} style={measures}>
      <div className={styles.lanes} aria-hidden="true">
        {lanes.map((lane) => (
          <span key={lane} className={styles.laneName} data-lane={lane}>
            {lane + 1}
          </span>
        ))}
      </div>
      <div className={styles.plot} ref={plot} data-moves={axis.moves || undefined}>
        {lanes.map((lane) => (
          <div key={lane} className={styles.lane} />
        ))}
        {axis.bars.length === 0 && <p className={styles.nothing}>No exchange in this time.</p>}
        <ListBox
          aria-label="Exchanges by time, the oldest first"
          className={classes(styles.bars)}
          items={axis.bars}
          dependencies={[now, health, axis.moves]}
          orientation="horizontal"
          selectionMode="single"
          selectionBehavior="replace"
          escapeKeyBehavior="none"
          selectedKeys={chosen === undefined ? [] : [chosen]}
          onSelectionChange={(keys) => {
            const key = keys === 'all' ? undefined : [...keys][0];
            setChosen(key === undefined ? undefined : String(key));
          }}
        >
          {(bar: Bar) => (
            <ListBoxItem
              id={bar.key}
              textValue={describeExchange(bar.exchange, isHeld(bar.exchange), now)}
              aria-label={describeExchange(bar.exchange, isHeld(bar.exchange), now)}
              className={classes(styles.bar)}
              style={placed(bar)}
              data-lane={bar.exchange.lane}
              data-outcome={isHeld(bar.exchange) ? 'held' : bar.exchange.outcome}
              data-sent={bar.exchange.stanzasSent > 0 || undefined}
              onHoverStart={() => setPointed(bar.key)}
              onHoverEnd={() => setPointed(undefined)}
            >
              <Took ms={(bar.exchange.endedAt ?? now) - bar.exchange.startedAt} />
            </ListBoxItem>
          )}
        </ListBox>
      </div>
      <Marks axis={axis} />
      <figcaption className={styles.caption}>
        <p className={styles.shown} data-empty={shown === undefined || undefined}>
          {shown
            ? `${describeExchange(shown, isHeld(shown), now)}.${bytesOf(shown)}`
            : 'Each row is one HTTP connection. Choose a bar to read what it carried.'}
        </p>
        <Legend bars={axis.bars} />
      </figcaption>
    </figure>
  );
}

/** The length of a bar in words, shown where the bar has room for it. */
function Took({ ms }: { readonly ms: number }) {
  const text = formatDuration(ms);
  return (
    <span className={styles.took} data-short={text.length <= 4 || undefined}>
      {text}
    </span>
  );
}

/** Bytes are counted when an exchange ends. */
function bytesOf(exchange: ExchangeReading): string {
  if (exchange.outcome === 'in-flight') return '';
  return ` ${formatBytes(exchange.bytesSent)} out, ${formatBytes(exchange.bytesReceived)} in.`;
}

function placed(bar: Bar): CSSProperties {
  return {
    '--start': bar.start,
    ...(bar.end === undefined ? {} : { '--end': bar.end }),
    '--lane': bar.exchange.lane,
  } as CSSProperties;
}

function Marks({ axis }: { readonly axis: Axis }) {
  return (
    <div className={styles.marks} aria-hidden="true">
      {axis.marks.map((mark) => (
        <span key={mark.at} style={{ '--at': mark.at } as CSSProperties} data-at={mark.at}>
          {mark.text}
        </span>
      ))}
    </div>
  );
}

const legend = ['payload', 'empty', 'held', 'failed', 'aborted', 'terminated'] as const;

/** The shapes that can be seen now. */
function Legend({ bars }: { readonly bars: readonly Bar[] }) {
  const seen = new Set<string>(bars.map(({ exchange }) => exchange.outcome));
  if (seen.delete('in-flight')) seen.add('held');
  return (
    <ul className={styles.legend} aria-label="Legend">
      {legend
        .filter((outcome) => seen.has(outcome))
        .map((outcome) => (
          <li key={outcome}>
            <span aria-hidden className={styles.swatch} data-outcome={outcome} />
            {outcome === 'held' ? 'held or in flight' : outcomeWords[outcome]}
          </li>
        ))}
      {bars.some(({ exchange }) => exchange.stanzasSent > 0) && (
        <li>
          <span aria-hidden className={styles.swatch} data-outcome="empty" data-sent />
          carried stanzas out
        </li>
      )}
    </ul>
  );
}
