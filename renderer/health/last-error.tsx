/** The last thing that went wrong in this session, with its code, cause and advice. */
import type { Health } from '../../shared/health.ts';
import { retryWords, sourceWords } from '../../shared/health-words.ts';
import styles from './last-error.module.css';
import { formatAgo, formatClockTime } from './moment.ts';
import { Fact, Facts, Section } from './section.tsx';

export function LastError(props: {
  readonly problem: NonNullable<Health['lastProblem']>;
  readonly now: number;
  /** What happened and what to do are said elsewhere in the panel. */
  readonly told: boolean;
}) {
  const { problem, now, told } = props;
  return (
    <Section
      title="Last error"
      aside={
        <time className={styles.when} dateTime={new Date(problem.at).toISOString()}>
          {formatClockTime(problem.at, now)}, {formatAgo(problem.at, now)}
        </time>
      }
    >
      <div className={styles.error}>
        <Facts>
          {!told && <Fact term="What happened">{problem.message}</Fact>}
          {!told && problem.advice && <Fact term="What to do">{problem.advice}</Fact>}
          <Fact term="Cause">{sourceWords[problem.source]}</Fact>
          <Fact term="Holdfast">{retryWords[problem.retry]}</Fact>
          <Fact term="Code">
            <code>{problem.code}</code>
          </Fact>
          {problem.detail && (
            <Fact term="Detail">
              <code className={styles.detail}>{problem.detail}</code>
            </Fact>
          )}
        </Facts>
      </div>
    </Section>
  );
}
