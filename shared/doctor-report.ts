/**
 * An examination as a report to hand to an administrator: Markdown for people, JSON for programs, times in
 * UTC, without secrets. The host makes it for the page, the command `holdfast doctor` for a terminal.
 */
import type { DoctorFinding, DoctorLearned, DoctorRun, DoctorStep } from './doctor.ts';
import {
  findingWords,
  outcomeWords,
  stepStateWords,
  stepWords,
  weightWords,
} from './doctor-words.ts';
import { parseJid } from './jid.ts';
import { redactJid, redactText, redactUrl } from './redact.ts';
import { formatBytes, formatDuration, formatInstant } from './units.ts';

export interface DoctorReportInput {
  readonly run: DoctorRun;
  /** The version of Holdfast. */
  readonly version: string;
}

/**
 * What a report may tell of an examination: the local part of the address is cut to a letter, addresses of
 * the web lose credentials, query and fragment, and all text is scrubbed of what looks like a secret.
 */
export function redactRun(run: DoctorRun): DoctorRun {
  const { local } = parseJid(run.jid) ?? {};
  const redact = (text: string) => redactText(text, local === undefined ? [] : [local]);
  const { endpoint, accountId: _, ...rest } = run;
  return {
    ...rest,
    jid: redactJid(run.jid),
    ...(endpoint === undefined ? {} : { endpoint: redactUrl(endpoint) }),
    steps: run.steps.map(({ result, advice, facts, ...step }) => ({
      ...step,
      ...(result === undefined ? {} : { result: redact(result) }),
      ...(advice === undefined ? {} : { advice: redact(advice) }),
      facts: facts.map(({ name, value }) => ({ name: redact(name), value: redact(value) })),
    })),
    ...(run.verdict && {
      verdict: {
        ...run.verdict,
        findings: run.verdict.findings.map(({ what, whose, todo, ...finding }) => ({
          ...finding,
          ...{ what: redact(what), whose: redact(whose), todo: redact(todo) },
        })),
      },
    }),
    learned: {
      ...run.learned,
      ...(run.learned.endpoint === undefined ? {} : { endpoint: redactUrl(run.learned.endpoint) }),
    },
  };
}

/** One JSON object: `holdfast` is the version, the rest as in `doctorRunSchema`, redacted. */
export function doctorReportJson({ run, version }: DoctorReportInput): string {
  return `${JSON.stringify({ holdfast: version, ...redactRun(run) }, undefined, 2)}\n`;
}

/** The same for people. */
export function doctorReportMarkdown({ run: told, version }: DoctorReportInput): string {
  const run = redactRun(told);
  const sections = [
    [
      '# Holdfast: examination of the connection',
      '',
      line('Made', formatInstant(run.startedAt)),
      line('Holdfast', version),
      line('Address', run.jid),
      line('BOSH address entered', run.endpoint ?? 'none: looked for'),
    ],
    verdictLines(run),
    ['## Steps', '', ...run.steps.flatMap(stepLines)],
    learnedLines(run.learned),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function verdictLines({ verdict }: DoctorRun): string[] {
  if (!verdict) return ['## Verdict', '', 'The examination is still under way.'];
  return [
    '## Verdict',
    '',
    outcomeWords[verdict.outcome],
    ...verdict.findings.flatMap(findingLines),
  ];
}

function findingLines(finding: DoctorFinding): string[] {
  const { code, weight, what, whose, todo } = finding;
  return [
    '',
    `### ${weightWords[weight]} (${code})`,
    '',
    line(findingWords.what, what),
    line(findingWords.whose, whose),
    line(findingWords.todo, todo),
  ];
}

function stepLines(step: DoctorStep, index: number): string[] {
  const { id, state, startedAt, endedAt, result, advice, code, facts } = step;
  const took =
    startedAt === undefined || endedAt === undefined
      ? ''
      : `, ${formatDuration(endedAt - startedAt)}`;
  return [
    `${index + 1}. **${stepWords[id]}** (${stepStateWords[state]}${took}): ${result ?? ''}`.trimEnd(),
    ...(advice === undefined ? [] : [`   - What to do: ${advice}`]),
    ...(code === undefined ? [] : [`   - Code: ${code}`]),
    ...facts.map(({ name, value }) => `   - ${name}: ${value}`),
  ];
}

function learnedLines(learned: DoctorLearned): string[] {
  const { endpoint, wait, oneConnection, largestRequest } = learned;
  const lines = [
    ...(endpoint === undefined ? [] : [line('BOSH address that works', endpoint)]),
    ...(wait === undefined ? [] : [line('Requests may wait', `${wait} s`)]),
    ...(oneConnection === undefined
      ? []
      : [line('Requests at once', oneConnection ? 'one' : 'two')]),
    ...(largestRequest === undefined ? [] : [line('Largest request', formatBytes(largestRequest))]),
  ];
  return lines.length === 0 ? [] : ['## Learned', '', ...lines];
}

function line(name: string, value: string): string {
  return `- ${name}: ${value}`;
}
