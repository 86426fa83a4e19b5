/** What the XML console shows: the elements one under the other, the newest last and in sight. */
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import { Virtuoso } from 'react-virtuoso';
import type { XmlEntry } from '../../shared/xml-console.ts';
import { formatClockTime } from '../health/moment.ts';
import { wayOf } from './entries.ts';
import styles from './xml-console.module.css';

interface ElementListProps {
  /** At least one. */
  readonly entries: readonly XmlEntry[];
  /** Whether the newest stays in sight where it is. */
  readonly follows: boolean;
}

/** Scrolls by itself, also by keyboard; renders only what is in sight. */
export function ElementList({ entries, follows }: ElementListProps) {
  return (
    <Virtuoso
      className={styles.list}
      data={entries}
      followOutput={follows ? 'auto' : false}
      initialTopMostItemIndex={entries.length - 1}
      computeItemKey={(_, entry) => entry.number}
      itemContent={(_, entry) => <ElementEntry entry={entry} />}
      increaseViewportBy={400}
      tabIndex={0}
      aria-label="Elements"
      role="region"
    />
  );
}

function ElementEntry({ entry }: { entry: XmlEntry }) {
  const { direction, at, xml } = entry;
  const Arrow = direction === 'out' ? ArrowUpRight : ArrowDownLeft;
  const time = formatClockTime(at, Date.now());
  return (
    <article
      className={styles.entry}
      data-direction={direction}
      aria-label={`${wayOf(entry)}, ${time}`}
    >
      <p className={styles.head}>
        <Arrow aria-hidden="true" />
        <span>{wayOf(entry)}</span>
        <time dateTime={new Date(at).toISOString()}>{time}</time>
      </p>
      <pre dir="ltr">{xml}</pre>
    </article>
  );
}
