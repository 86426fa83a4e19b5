/** The XML console of one account: what goes over its wire, as it goes. Secrets never get here. */
import { CodeXml, Download, Pause, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
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
import { ElementList } from './element-list.tsx';
import { asText, countOf, type Filter, filtered, type Shown } from './entries.ts';
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
  /** What was held when it was paused. */
  const [frozen, setFrozen] = useState<readonly XmlEntry[]>();
  const all = frozen ?? held ?? [];
  const entries = filtered(all, filter);
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
          <Button isDisabled={!held} onPress={() => setFrozen(frozen ? undefined : held)}>
            {frozen ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />}
            {frozen ? 'Go on' : 'Pause'}
          </Button>
          <Button
            onPress={() => {
              setFrozen(undefined);
              clear();
            }}
          >
            <Trash2 aria-hidden="true" /> Empty the list
          </Button>
          <Button onPress={save} isDisabled={entries.length === 0}>
            <Download aria-hidden="true" /> Save
          </Button>
          <p className={styles.count}>
            <span role="status">{frozen && 'Paused.'}</span>{' '}
            {held && countOf(entries, { frozen, held })}
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
        {entries.length > 0 && <ElementList entries={entries} follows={!frozen} />}
        {entries.length === 0 && all.length > 0 && (
          <EmptyState icon={<CodeXml />} title="Nothing matches">
            What was sent and received so far is hidden by the choices above.
          </EmptyState>
        )}
        {held && all.length === 0 && (
          <EmptyState icon={<CodeXml />} title="Nothing to show yet">
            What is sent and received from now on appears here, and for five minutes after you close
            it. Passwords, tokens and session identifiers never do.
          </EmptyState>
        )}
      </div>
    </WideDialog>
  );
}
