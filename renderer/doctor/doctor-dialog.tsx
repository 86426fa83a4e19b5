/** The doctor's dialog: begins an examination, shows it as it goes, and what came of it. */
import { RotateCw, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { DoctorRun } from '../../shared/doctor.ts';
import { stepWords } from '../../shared/doctor-words.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { Button } from '../controls/button.tsx';
import { ProblemNote } from '../controls/problem-note.tsx';
import { WideDialog } from '../controls/wide-dialog.tsx';
import { usePage, usePageState } from '../state/page-context.tsx';
import { Changes } from './changes.tsx';
import styles from './doctor.module.css';
import { Reports } from './reports.tsx';
import { Countdown, Steps } from './steps.tsx';
import { type DoctorSubject, runAbout, startInput } from './subject.ts';
import { Verdict } from './verdict.tsx';

interface DoctorDialogProps {
  readonly subject: DoctorSubject;
  readonly onClose: () => void;
}

/** Closing it leaves the examination going; opening it again shows it. */
export function DoctorDialog({ subject, onClose }: DoctorDialogProps) {
  const { commands } = usePage();
  const last = usePageState((state) => state.doctor);
  const run = runAbout(last, subject, Date.now());
  const [problem, setProblem] = useState<Problem>();
  const begin = (): void => {
    setProblem(undefined);
    commands['doctor.start'](startInput(subject)).catch((thrown) => setProblem(problemOf(thrown)));
  };
  useOnce(() => {
    if (!run) begin();
  });
  return (
    <WideDialog
      title="Connection doctor"
      about={<bdi>{run?.endpoint ? `${subject.jid}, ${run.endpoint}` : subject.jid}</bdi>}
      onClose={onClose}
      footer={
        run && run.state !== 'running' ? (
          <div className={styles.buttons}>
            <Reports run={run} />
            <Button onPress={begin}>
              <RotateCw aria-hidden="true" /> Examine again
            </Button>
          </div>
        ) : (
          run && <Progress run={run} onStop={() => void commands['doctor.stop']({})} />
        )
      }
    >
      {problem && (
        <div className={styles.problem}>
          <ProblemNote problem={problem} />
        </div>
      )}
      {run?.verdict && <Verdict verdict={run.verdict} />}
      {run && run.state !== 'running' && <Changes run={run} subject={subject} />}
      {run && <Steps steps={run.steps} />}
    </WideDialog>
  );
}

function Progress({ run, onStop }: { run: DoctorRun; onStop: () => void }) {
  const index = run.steps.findIndex(({ state }) => state === 'running');
  const step = run.steps[index];
  return (
    <div className={styles.progress}>
      <div className={styles.now}>
        <p role="status">
          {step ? `Step ${index + 1} of ${run.steps.length}: ${stepWords[step.id]}` : 'Examining'}
        </p>
        {step?.until !== undefined && <Countdown until={step.until} />}
      </div>
      <progress max={run.steps.length} value={Math.max(0, index)} aria-label="Examination" />
      <Button onPress={onStop}>
        <Square aria-hidden="true" /> Stop
      </Button>
    </div>
  );
}

/** Once for each opening, however often React tries the effect. */
function useOnce(effect: () => void): void {
  const done = useRef(false);
  useEffect(() => {
    if (done.current) return;
    done.current = true;
    effect();
  });
}
