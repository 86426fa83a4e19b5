/** What Holdfast has learned the network does to sessions here, since when, and a way to have it forgotten. */
import { useState } from 'react';
import { limitSentences } from '../../shared/history-words.ts';
import { hasToPoll, type KnownLimits } from '../../shared/path-limits.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { formatBytes, formatDuration } from '../../shared/units.ts';
import { Button } from '../controls/button.tsx';
import { ProblemNote } from '../controls/problem-note.tsx';
import styles from './learned-limits.module.css';
import { formatAgo, formatClockTime } from './moment.ts';
import { Fact, Facts, Section } from './section.tsx';

interface LearnedLimitsProps {
  readonly known: KnownLimits;
  readonly now: number;
  forget(): Promise<void>;
}

export function LearnedLimits({ known, now, forget }: LearnedLimitsProps) {
  const [problem, setProblem] = useState<Problem>();
  const [isPending, setPending] = useState(false);
  const { limits, at, until } = known;
  const reasons = limitSentences(limits);

  const press = async () => {
    setProblem(undefined);
    setPending(true);
    try {
      await forget();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
    setPending(false);
  };

  return (
    <Section title="Learned about this network">
      {reasons.length === 0 ? (
        <p className={styles.nothing}>No limit has shown on the way to this address.</p>
      ) : (
        <>
          <Facts>
            <Fact term="Longest wait">
              {limits.wait === undefined ? 'no limit met' : formatDuration(limits.wait * 1000)}
            </Fact>
            <Fact term="Connections">
              {hasToPoll(limits) ? 'one at a time, by polling' : 'two at a time'}
            </Fact>
            <Fact term="Largest body">
              {limits.largestRequest === undefined
                ? 'no limit met'
                : formatBytes(limits.largestRequest)}
            </Fact>
            {at !== undefined && (
              <Fact
                term="Since"
                note={until !== undefined && `Kept to until ${formatClockTime(until, now)}.`}
              >
                <time dateTime={new Date(at).toISOString()}>
                  {formatClockTime(at, now)}, {formatAgo(at, now)}
                </time>
              </Fact>
            )}
            <Fact term="Why">{reasons.join(' ')}</Fact>
          </Facts>
          <div className={styles.forget}>
            <Button isPending={isPending} onPress={press}>
              Forget what was learned
            </Button>
            <p className={styles.nothing}>Holdfast then finds out anew.</p>
          </div>
        </>
      )}
      {problem && <ProblemNote problem={problem} />}
    </Section>
  );
}
