/** What the account can keep to from now on, with the button that makes it so; nothing where nothing would change. */
import { Wand } from 'lucide-react';
import { useState } from 'react';
import type { DoctorRun } from '../../shared/doctor.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { Button } from '../controls/button.tsx';
import { ProblemNote } from '../controls/problem-note.tsx';
import { usePage } from '../state/page-context.tsx';
import styles from './doctor.module.css';
import { changesOf, type DoctorSubject, isOtherEndpoint } from './subject.ts';

export function Changes({ run, subject }: { run: DoctorRun; subject: DoctorSubject }) {
  const { commands } = usePage();
  const [used, setUsed] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { accountId, onEndpoint } = subject;
  const { endpoint } = run.learned;
  const canKeep = accountId !== undefined;
  const canTake = onEndpoint !== undefined && isOtherEndpoint(run.learned, run.endpoint);
  const changes = changesOf(run);
  if (changes.length === 0 || !(canKeep || canTake)) return null;

  const use = async (): Promise<void> => {
    setProblem(undefined);
    try {
      if (canKeep) await commands['doctor.apply']({ accountId });
      else if (endpoint !== undefined) onEndpoint?.(endpoint);
      setUsed(true);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  };

  return (
    <section className={styles.changes} aria-label="What was learned">
      <p>What was learned:</p>
      <ul>
        {changes.map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
      {problem && <ProblemNote problem={problem} />}
      {used ? (
        <p role="status" className={styles.used}>
          {canKeep ? 'Holdfast keeps to this now, with a new session.' : 'The address is entered.'}
        </p>
      ) : (
        <Button weight="primary" onPress={() => void use()}>
          <Wand aria-hidden="true" /> Use what was learned
        </Button>
      )}
    </section>
  );
}
