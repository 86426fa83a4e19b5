/** The last exchanges as a table, the newest first: the waterfall for a screen reader, and for exact numbers. */
import type { Health } from '../../shared/health.ts';
import { outcomeWords } from '../../shared/health-words.ts';
import { formatDuration } from '../../shared/units.ts';
import { VisuallyHidden } from '../controls/visually-hidden.tsx';
import styles from './exchange-table.module.css';
import { Bytes } from './traffic.tsx';
import { exchangeKey } from './waterfall.ts';

export function ExchangeTable({ health, now }: { readonly health: Health; readonly now: number }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section className={styles.scroll} aria-label="Table of exchanges" tabIndex={0}>
      <table className={styles.table}>
        <caption>
          <VisuallyHidden>The last exchanges, the newest first</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">rid</th>
            <th scope="col">Connection</th>
            <th scope="col">Outcome</th>
            <th scope="col">Took</th>
            <th scope="col">Stanzas out, in</th>
            <th scope="col">Sent</th>
            <th scope="col">Received</th>
            <th scope="col">Attempt</th>
          </tr>
        </thead>
        <tbody>
          {health.exchanges.toReversed().map((exchange) => {
            // Bytes are counted when an exchange ends.
            const counted = exchange.outcome !== 'in-flight';
            const held =
              exchange.outcome === 'in-flight' && exchange.rid === health.heldRequest?.rid;
            return (
              <tr key={exchangeKey(exchange)} data-outcome={exchange.outcome}>
                <th scope="row">{exchange.rid}</th>
                <td>{exchange.lane + 1}</td>
                <td>
                  {held ? 'held' : outcomeWords[exchange.outcome]}
                  {exchange.problemCode && <code>{exchange.problemCode}</code>}
                </td>
                <td>{formatDuration((exchange.endedAt ?? now) - exchange.startedAt)}</td>
                <td>
                  {exchange.stanzasSent}, {exchange.stanzasReceived}
                </td>
                <td>{counted ? <Bytes count={exchange.bytesSent} /> : '–'}</td>
                <td>{counted ? <Bytes count={exchange.bytesReceived} /> : '–'}</td>
                <td>{exchange.attempt}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
