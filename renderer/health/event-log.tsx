/** What happened to the connection in the last day, the newest first, by kind; for an administrator. */
import { memo, useState } from 'react';
import type { ConnectionEvent } from '../../shared/connection-history.ts';
import { eventCode, eventWords } from '../../shared/history-words.ts';
import { Segments } from '../controls/segments.tsx';
import styles from './event-log.module.css';
import { formatClockTime } from './moment.ts';
import { Section } from './section.tsx';

const kinds = ['all', 'state', 'rung', 'problem', 'limits'] as const;
type Kind = (typeof kinds)[number];
const kindWords: Readonly<Record<Kind, string>> = {
  all: 'All',
  state: 'States',
  rung: 'Sessions',
  problem: 'Problems',
  limits: 'Limits',
};
/** More than this many are not read by anybody. */
const MOST_SHOWN = 200;

export function EventLog(props: {
  /** Oldest first. */
  readonly events: readonly ConnectionEvent[];
  readonly now: number;
}) {
  const [kind, setKind] = useState<Kind>('all');
  return (
    <Section
      title="Events"
      aside={
        <Segments
          label="Kind of events"
          values={kinds}
          words={kindWords}
          chosen={kind}
          onChoose={setKind}
        />
      }
    >
      <EventList events={props.events} kind={kind} today={new Date(props.now).toDateString()} />
    </Section>
  );
}

/** Rendered again when something happens, not with every tick of the clock. */
const EventList = memo(function EventList(props: {
  readonly events: readonly ConnectionEvent[];
  readonly kind: Kind;
  readonly today: string;
}) {
  const { events, kind, today } = props;
  const chosen = events.filter((event) => kind === 'all' || event.kind === kind);
  if (chosen.length === 0) return <p className={styles.nothing}>None in the last 24 hours.</p>;
  const shown = chosen.slice(-MOST_SHOWN).reverse();
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <ol className={styles.list} aria-label="Events, the newest first" tabIndex={0}>
        {shown.map((event) => (
          <li key={event.id} className={styles.event} data-kind={event.kind}>
            <time className={styles.time} dateTime={new Date(event.at).toISOString()}>
              {formatClockTime(event.at, Date.parse(today))}
            </time>
            <code className={styles.code}>{eventCode(event)}</code>
            <span className={styles.words}>{eventWords(event)}</span>
          </li>
        ))}
      </ol>
      {chosen.length > shown.length && (
        <p className={styles.nothing}>
          The newest {shown.length} of {chosen.length}.
        </p>
      )}
    </>
  );
});
