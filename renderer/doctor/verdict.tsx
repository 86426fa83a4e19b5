/** What the examination came to, above everything else: a sentence, and each finding in three. */
import { CircleCheck, CirclePause, CircleX, TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { DoctorFinding, DoctorVerdict } from '../../shared/doctor.ts';
import { findingWords, outcomeWords } from '../../shared/doctor-words.ts';
import styles from './doctor.module.css';

const icons: Readonly<Record<DoctorVerdict['outcome'], typeof CircleCheck>> = {
  clear: CircleCheck,
  limited: TriangleAlert,
  blocked: CircleX,
  unfinished: CirclePause,
};

export function Verdict({ verdict }: { verdict: DoctorVerdict }) {
  const { outcome, findings } = verdict;
  const Icon = icons[outcome];
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // Newer browsers return a promise here, which is no way to end an effect.
    void section.current?.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <section ref={section} className={styles.verdict} data-outcome={outcome} aria-label="Verdict">
      <p className={styles.outcome}>
        <Icon aria-hidden="true" />
        <strong role="status">{outcomeWords[outcome]}</strong>
      </p>
      {findings.length > 0 && (
        <ul className={styles.findings}>
          {findings.map((finding) => (
            <Finding key={finding.code} finding={finding} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Finding({ finding }: { finding: DoctorFinding }) {
  return (
    <li className={styles.finding} data-weight={finding.weight}>
      <dl>
        {(['what', 'whose', 'todo'] as const).map((part) => (
          <div key={part} data-part={part}>
            <dt>{findingWords[part]}</dt>
            <dd>{finding[part]}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
