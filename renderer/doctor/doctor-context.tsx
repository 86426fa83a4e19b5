/** How every place reaches the doctor: the sign-in, the connection bars, the accounts and the health panel. */
import { createContext, lazy, type ReactNode, Suspense, useContext, useState } from 'react';
import type { Problem } from '../../shared/problem.ts';
import { WideDialog } from '../controls/wide-dialog.tsx';
import { FaultBoundary } from '../fault/fault-boundary.tsx';
import type { DoctorSubject } from './subject.ts';

const DoctorDialog = lazy(() =>
  import('./doctor-dialog.tsx').then((module) => ({ default: module.DoctorDialog })),
);

const DoctorContext = createContext<(subject: DoctorSubject) => void>(() => {});

/** Shows the dialog over whatever is inside. */
export function DoctorProvider({ children }: { children: ReactNode }) {
  const [subject, setSubject] = useState<DoctorSubject>();
  const close = () => setSubject(undefined);
  return (
    <DoctorContext value={setSubject}>
      {children}
      {subject && (
        <FaultBoundary
          part="doctor"
          frame={(screen) => (
            <WideDialog title="Connection doctor" onClose={close}>
              {screen}
            </WideDialog>
          )}
        >
          <Suspense fallback={null}>
            <DoctorDialog subject={subject} onClose={close} />
          </Suspense>
        </FaultBoundary>
      )}
    </DoctorContext>
  );
}

/** Opens the doctor's dialog. */
export function useDoctor(): (subject: DoctorSubject) => void {
  return useContext(DoctorContext);
}

/** Whether the doctor can say more about a problem: it arose somewhere on the way. */
export function isForDoctor(problem: Problem | undefined): boolean {
  return problem?.source === 'network' || problem?.source === 'endpoint';
}
