/** What the session costs: round trip, retries, bytes each way, and the ordering guard. */
import type { ReactNode } from 'react';
import type { Health } from '../../shared/health.ts';
import { formatBytes, formatCount, formatCounted, formatDuration } from '../../shared/units.ts';
import { Section } from './section.tsx';
import styles from './traffic.module.css';

export function Traffic({ health }: { readonly health: Health }) {
  const trip = health.roundTrip;
  return (
    <Section title="Round trip and traffic">
      <dl className={styles.tiles}>
        <Tile
          term="Round trip"
          note={trip ? `median of ${formatCount(trip.samples)}` : 'no sample yet'}
        >
          {trip ? formatDuration(trip.median) : '–'}
        </Tile>
        <Tile term="Worst trip" note={trip ? 'of the same' : 'no sample yet'}>
          {trip ? formatDuration(trip.worst) : '–'}
        </Tile>
        <Tile term="Retries" note="same rid again">
          {formatCount(health.retries)}
        </Tile>
        <Tile term="Sent" note="with HTTP heads">
          <Bytes count={health.bytesSent} />
        </Tile>
        <Tile term="Received" note="with HTTP heads">
          <Bytes count={health.bytesReceived} />
        </Tile>
        <Tile
          term="Ordering guard"
          note={health.orderingGuard > 0 ? 'between connections' : 'not needed here'}
        >
          {health.orderingGuard > 0 ? formatDuration(health.orderingGuard) : 'off'}
        </Tile>
      </dl>
    </Section>
  );
}

/** Bytes in human units, exact on pointing. */
export function Bytes({ count }: { readonly count: number }) {
  return <span title={formatCounted(count, 'byte')}>{formatBytes(count)}</span>;
}

function Tile(props: {
  readonly term: string;
  readonly note: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.tile}>
      <dt>{props.term}</dt>
      <dd className={styles.value}>{props.children}</dd>
      <dd className={styles.note}>{props.note}</dd>
    </div>
  );
}
