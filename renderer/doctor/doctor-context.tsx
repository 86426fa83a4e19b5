/** How every place reaches the doctor: the sign-in, the connection bars, the accounts and the health panel. */
import { createContext, lazy, type ReactNode, Suspense, useContext, useState } from 'react';
import type { Problem } from '../../shared/problem.ts';
import type { DoctorSubject } from './subject.ts';

const DoctorDialog = lazy(() =>
  import('./doctor-dialog.tsx').then((module) => ({ default: module.DoctorDialog })),
);

const DoctorContext = createContext<(subject: DoctorSubject) => void>(() => {});

/** Shows the dialog over whatever is inside. */
export function DoctorProvider({ children }: { children: ReactNode }) {
  const [subject, setSubject] = useState<DoctorSubject>();
  return (
    <DoctorContext value={setSubject}>
      {children}
      {subject && (
        <Suspense fallback={null}>
          <DoctorDialog subject={subject} onClose={() => setSubject(undefined)} />
        </Suspense>
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
