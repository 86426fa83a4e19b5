import { describe, expect, it } from 'vitest';
import type { DoctorRun, DoctorStep } from '../../../shared/doctor.ts';
import { createProgressLines } from './progress-lines.ts';

const run = (steps: DoctorStep[], rest: Partial<DoctorRun> = {}): DoctorRun => ({
  ...{ id: '1', jid: 'me@example.org', state: 'running', startedAt: 0, steps, learned: {} },
  ...rest,
});

describe('the lines of an examination', () => {
  it('tell each step once, as it is over, and the verdict at the end', () => {
    const linesOf = createProgressLines();
    const begun: DoctorStep = { id: 'connection', state: 'running', startedAt: 0, facts: [] };
    const over: DoctorStep = {
      ...{ id: 'connection', state: 'bad', startedAt: 0, endedAt: 38, facts: [] },
      ...{ result: 'Nothing answers.', advice: 'Ask.' },
    };
    expect(linesOf(run([begun]))).toEqual([]);
    expect(linesOf(run([over]))).toEqual([
      ' 1 Connection (problem, 38 ms)',
      '   Nothing answers.',
      '   Ask.',
    ]);
    const finding = { code: 'x', weight: 'blocks', what: 'A.', whose: 'B.', todo: 'C.' } as const;
    const verdict = { outcome: 'blocked', findings: [finding] } as const;
    expect(linesOf(run([over], { verdict: { ...verdict, findings: [finding] } }))).toEqual([
      '',
      'Holdfast does not get through from here.',
      '',
      '  What happens: A.',
      '  Whose doing it is: B.',
      '  What to do: C.',
    ]);
  });

  it('say that a step takes long when it begins', () => {
    const waiting: DoctorStep = { id: 'held-request', state: 'running', startedAt: 0, facts: [] };
    const linesOf = createProgressLines();
    expect(linesOf(run([{ ...waiting, until: 70_000 }]))).toEqual([
      ' 1 A request that waits: up to 70 s …',
    ]);
    expect(linesOf(run([{ ...waiting, until: 70_000 }]))).toEqual([]);
  });
});
