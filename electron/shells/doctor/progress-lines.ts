/** An examination as lines of a terminal: each step as it is over, then the verdict. Pure but for its memory of what it told. */
import type { DoctorFinding, DoctorRun, DoctorStep } from '../../../shared/doctor.ts';
import {
  findingWords,
  outcomeWords,
  stepStateWords,
  stepWords,
} from '../../../shared/doctor-words.ts';
import { formatDuration } from '../../../shared/units.ts';

/** Takes each change and returns the lines that are new. */
export function createProgressLines(): (run: DoctorRun) => string[] {
  const told = new Set<string>();
  const once = (key: string, lines: () => string[]): string[] => {
    if (told.has(key)) return [];
    told.add(key);
    return lines();
  };
  return (run) => [
    ...run.steps.flatMap((step, index) => {
      if (step.state === 'waiting') return [];
      if (step.state !== 'running') return once(step.id, () => stepLines(step, index));
      const left = (step.until ?? 0) - (step.startedAt ?? 0);
      return left < noticeMs
        ? []
        : once(`${step.id} begins`, () => [
            `${number(index)} ${stepWords[step.id]}: up to ${formatDuration(left)} …`,
          ]);
    }),
    ...(run.verdict === undefined ? [] : once('verdict', () => verdictLines(run))),
  ];
}

/** A step that takes this long says so when it begins, in ms. */
const noticeMs = 15_000;

function stepLines(step: DoctorStep, index: number): string[] {
  const { id, state, startedAt, endedAt, result = '', advice } = step;
  const took =
    startedAt === undefined || endedAt === undefined || state === 'skipped'
      ? ''
      : `, ${formatDuration(endedAt - startedAt)}`;
  return [
    `${number(index)} ${stepWords[id]} (${stepStateWords[state]}${took})`,
    ...(result === '' ? [] : [`   ${result}`]),
    ...(advice === undefined || state === 'good' ? [] : [`   ${advice}`]),
  ];
}

function verdictLines({ verdict }: DoctorRun): string[] {
  if (!verdict) return [];
  return ['', outcomeWords[verdict.outcome], ...verdict.findings.flatMap(findingLines)];
}

function findingLines({ what, whose, todo }: DoctorFinding): string[] {
  return [
    '',
    `  ${findingWords.what}: ${what}`,
    `  ${findingWords.whose}: ${whose}`,
    `  ${findingWords.todo}: ${todo}`,
  ];
}

function number(index: number): string {
  return String(index + 1).padStart(2);
}
