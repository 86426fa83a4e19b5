/** The last day of the connection: a strip of its states, the same in a sentence, and the gaps as a list. */
import { useState } from 'react';
import type { ConnectionEvent } from '../../shared/connection-history.ts';
import { gapsOf, isOutage, spansOf } from '../../shared/connection-spans.ts';
import { daySentence, gapWords, spanWords } from '../../shared/history-words.ts';
import { formatCounted, formatDuration } from '../../shared/units.ts';
import { Segments } from '../controls/segments.tsx';
import { Expander } from './expander.tsx';
import styles from './last-day.module.css';
import { formatClockTime } from './moment.ts';
import { Section } from './section.tsx';
import { STRIP_CELLS, stripOf } from './strip.ts';

const lengths = { '1 h': 1, '6 h': 6, '24 h': 24 } as const;
type Length = keyof typeof lengths;
const lengthChoices = Object.keys(lengths) as Length[];
const lengthWords: Readonly<Record<Length, string>> = {
  '1 h': '1 h',
  '6 h': '6 h',
  '24 h': '24 h',
};
/** More than this many are not read by anybody; the event log has them all. */
const MOST_LISTED = 100;

interface LastDayProps {
  /** Oldest first. */
  readonly events: readonly ConnectionEvent[];
  readonly now: number;
}

export function LastDay({ events, now }: LastDayProps) {
  const [length, setLength] = useState<Length>('24 h');
  const ms = lengths[length] * 3_600_000;
  const spans = spansOf(events, now, ms);
  const pieces = stripOf(spans);
  const sentence = daySentence(spans);
  const shown = new Set(pieces.map(({ state }) => state));
  const percent = (cells: number) => `${(100 * cells) / STRIP_CELLS}%`;
  return (
    <Section
      title="Connection history"
      aside={
        <Segments
          label="Length of the strip"
          values={lengthChoices}
          words={lengthWords}
          chosen={length}
          onChoose={setLength}
        />
      }
    >
      <div className={styles.strip} role="img" aria-label={`The last ${length}: ${sentence}`}>
        {pieces.map(({ state, from, length: cells }) => (
          <span
            key={from}
            className={styles.piece}
            data-state={state}
            style={{ insetInlineStart: percent(from), inlineSize: percent(cells) }}
          />
        ))}
      </div>
      <p className={styles.axis} aria-hidden="true">
        <span>{formatClockTime(now - ms, now)}</span>
        <span>now</span>
      </p>
      <p className={styles.sentence}>{sentence}</p>
      <ul className={styles.legend} aria-label="Colours of the strip">
        {Object.entries(spanWords).map(
          ([state, words]) =>
            shown.has(state as keyof typeof spanWords) && (
              <li key={state}>
                <span aria-hidden="true" className={styles.sample} data-state={state} />
                {words}
              </li>
            ),
        )}
      </ul>
      <Gaps events={events} now={now} />
    </Section>
  );
}

/** Of the whole day, the newest first. */
function Gaps({ events, now }: LastDayProps) {
  const found = gapsOf(spansOf(events, now)).toReversed();
  if (found.length === 0) return null;
  return (
    <Expander title={`${formatCounted(found.length, 'gap')} as a list`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <ul className={styles.list} aria-label="Gaps of the last 24 hours" tabIndex={0}>
        {found.slice(0, MOST_LISTED).map((each) => (
          <li key={each.from}>
            <time dateTime={new Date(each.from).toISOString()}>
              {formatClockTime(each.from, now)}
            </time>{' '}
            <span className={styles.length}>
              {isOutage(each) && each.isOpen ? 'until now, ' : 'for '}
              {formatDuration(each.to - each.from)}
            </span>
            <span className={styles.what}>
              {gapWords(each)} {isOutage(each) && <code>{each.problem.code}</code>}
            </span>
          </li>
        ))}
      </ul>
    </Expander>
  );
}
