/** How the connection came back the last time: from what, by which way, and how long it took, in plain words. */
import type { ConnectionEvent } from '../../shared/connection-history.ts';
import { lastRecovery } from '../../shared/connection-spans.ts';
import { rungWords } from '../../shared/health-words.ts';
import { formatDuration } from '../../shared/units.ts';
import { asSentence, formatAgo, formatClockTime } from './moment.ts';
import { Fact, Facts, Section } from './section.tsx';

export function LastRecovery(props: {
  /** Oldest first. */
  readonly events: readonly ConnectionEvent[];
  readonly now: number;
}) {
  const recovery = lastRecovery(props.events);
  if (!recovery) return null;
  const { at, took, rung, problem } = recovery;
  return (
    <Section title={problem ? 'Last recovery' : 'How it connected'}>
      <Facts>
        <Fact term="When" note={`${formatAgo(at, props.now)}, after ${formatDuration(took)}`}>
          <time dateTime={new Date(at).toISOString()}>{formatClockTime(at, props.now)}</time>
        </Fact>
        {problem && (
          <Fact term="From" note={<code>{problem.code}</code>}>
            {problem.message}
          </Fact>
        )}
        <Fact
          term="How"
          note={
            rung ? (
              <>
                {asSentence(rung.reason)} <code>{rung.name}</code>
              </>
            ) : (
              'The requests that had no answer were repeated until they had one.'
            )
          }
        >
          {rung ? rungWords[rung.name] : 'The same session went on'}
        </Fact>
      </Facts>
    </Section>
  );
}
