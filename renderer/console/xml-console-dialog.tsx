/** The XML console of one account: what goes over its wire, as it goes. Secrets never get here. */
import { ArrowDownLeft, ArrowUpRight, Download, Pause, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Virtuoso } from 'react-virtuoso';
import type { Account } from '../../shared/contract/records.ts';
import type { XmlEntry } from '../../shared/xml-console.ts';
import { Button } from '../controls/button.tsx';
import { EmptyState } from '../controls/empty-state.tsx';
import { SearchField } from '../controls/field.tsx';
import { ProblemNote } from '../controls/problem-note.tsx';
import { saveText } from '../controls/save-text.ts';
import { Segments } from '../controls/segments.tsx';
import { Tick } from '../controls/tick.tsx';
import { WideDialog } from '../controls/wide-dialog.tsx';
import { formatClockTime } from '../health/moment.ts';
import { asText, type Filter, filtered, type Shown, wayOf } from './entries.ts';
import { useEntries } from './use-entries.ts';
import styles from './xml-console.module.css';

const shownWords: Readonly<Record<Shown, string>> = {
  all: 'All',
  message: 'Messages',
  presence: 'Presence',
  iq: 'IQ',
  stream: 'Stream',
};
const allShown = Object.keys(shownWords) as Shown[];

/** Open as long as it is rendered. */
export function XmlConsoleDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const [discreet, setDiscreet] = useState(true);
  const [filter, setFilter] = useState<Filter>({ shown: 'all', empties: false, text: '' });
  const { held, problem, clear } = useEntries(account.id, discreet);
  const [frozen, setFrozen] = useState<readonly XmlEntry[]>();
  const entries = filtered(frozen ?? held, filter);
  const change = (part: Partial<Filter>): void => setFilter({ ...filter, ...part });

  const save = (): void => {
    const day = new Date().toISOString().slice(0, 10);
    saveText(`holdfast-xml-${day}.txt`, 'text/plain', asText(entries));
  };

  return (
    <WideDialog
      title="XML console"
      about={<bdi>{account.jid}</bdi>}
      isTall
      onClose={onClose}
      footer={
        <div className={styles.actions}>
          <Button onPress={() => setFrozen(frozen ? undefined : held)}>
            {frozen ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />}
            {frozen ? 'Go on' : 'Pause'}
          </Button>
          <Button
            onPress={() => {
              setFrozen(undefined);
              clear();
            }}
          >
            <Trash2 aria-hidden="true" /> Clear
          </Button>
          <Button onPress={save} isDisabled={entries.length === 0}>
            <Download aria-hidden="true" /> Save
          </Button>
          <p className={styles.count} role="status">
            {frozen ? 'Paused. What comes now is shown when it goes on.' : ''}
          </p>
        </div>
      }
    >
      <div className={styles.console}>
        <div className={styles.tools}>
          <Segments
            label="Show"
            values={allShown}
            words={shownWords}
            chosen={filter.shown}
            onChoose={(shown) => change({ shown })}
          />
          <div className={styles.search}>
            <SearchField label="Search" value={filter.text} onChange={(text) => change({ text })} />
          </div>
          <Tick isSelected={filter.empties} onChange={(empties) => change({ empties })}>
            Empty requests
          </Tick>
          <Tick
            isSelected={discreet}
            onChange={(hide) => {
              setFrozen(undefined);
              setDiscreet(hide);
            }}
          >
            Hide names and texts
          </Tick>
        </div>
        {problem && <ProblemNote problem={problem} passing />}
        {entries.length === 0 ? (
          <EmptyState title="Nothing to show yet">
            What is sent and received from now on appears here. Passwords, tokens and session
            identifiers never do.
          </EmptyState>
        ) : (
          <Virtuoso
            className={styles.list}
            data={entries}
            followOutput={frozen ? false : 'auto'}
            initialTopMostItemIndex={entries.length - 1}
            computeItemKey={(_, entry) => entry.number}
            itemContent={(_, entry) => <Entry entry={entry} />}
            increaseViewportBy={400}
            tabIndex={0}
            aria-label="Elements"
            role="region"
          />
        )}
      </div>
    </WideDialog>
  );
}

function Entry({ entry }: { entry: XmlEntry }) {
  const { direction, at, xml } = entry;
  const Arrow = direction === 'out' ? ArrowUpRight : ArrowDownLeft;
  return (
    <article className={styles.entry} data-direction={direction}>
      <p className={styles.head}>
        <Arrow aria-hidden="true" />
        <span>{wayOf(entry)}</span>
        <time dateTime={new Date(at).toISOString()}>{formatClockTime(at, Date.now())}</time>
      </p>
      <pre dir="ltr">{xml}</pre>
    </article>
  );
}
