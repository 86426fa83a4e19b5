/** Doing without HTTP/2, for all accounts; only where Holdfast can speak it. */
import { useState } from 'react';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { ProblemNote } from '../controls/problem-note.tsx';
import { SettingsSection } from '../controls/settings-section.tsx';
import { Tick } from '../controls/tick.tsx';
import { usePage, usePageState } from '../state/page-context.tsx';

/** Nothing where there is no choice. */
export function Http2Setting() {
  const { commands } = usePage();
  const http2 = usePageState((state) => state.http2);
  const [problem, setProblem] = useState<Problem>();
  if (!http2) return null;
  const { isOff, willBeOff } = http2;
  const choose = (off: boolean): void => {
    setProblem(undefined);
    commands['http2.switchOff']({ willBeOff: off }).catch((thrown: unknown) =>
      setProblem(problemOf(thrown)),
    );
  };
  return (
    <SettingsSection
      title="HTTP/2"
      text="Holdfast uses HTTP/2 where the server offers it. Some gateways break it; HTTP/1.1 gets through everywhere."
    >
      {problem && <ProblemNote problem={problem} />}
      <Tick isSelected={willBeOff} onChange={choose}>
        Use HTTP/1.1 only
      </Tick>
      <p role="status">{willBeOff !== isOff && 'This begins the next time Holdfast is started.'}</p>
    </SettingsSection>
  );
}
