/** Whose way the doctor is to examine, and which examination is about it. Pure. */
import type { CommandInput } from '../../shared/contract/commands.ts';
import type { DoctorLearned, DoctorRun } from '../../shared/doctor.ts';
import { formatBytes } from '../../shared/units.ts';

export interface DoctorSubject {
  /** Absent before there is an account. */
  readonly accountId?: string;
  readonly jid: string;
  /** As typed in the sign-in form; without meaning for an account, which has its own. */
  readonly endpoint?: string;
  /** Takes the address that works, where there is no account to keep it. */
  readonly onEndpoint?: (endpoint: string) => void;
}

/** An examination this old says little about the network of now, in ms. */
const OLD_MS = 10 * 60_000;

/** The examination to show for a subject: one under way, or a recent one. */
export function runAbout(
  run: DoctorRun | undefined,
  subject: DoctorSubject,
  now: number,
): DoctorRun | undefined {
  if (!run || run.accountId !== subject.accountId) return undefined;
  const isSame =
    subject.accountId !== undefined ||
    (run.jid === subject.jid.trim().toLowerCase() &&
      (run.endpoint ?? '') === (subject.endpoint?.trim() ?? ''));
  const isRecent = run.state === 'running' || now - (run.endedAt ?? 0) < OLD_MS;
  return isSame && isRecent ? run : undefined;
}

/** What the command takes. */
export function startInput(subject: DoctorSubject): CommandInput<'doctor.start'> {
  const { accountId, jid, endpoint } = subject;
  if (accountId !== undefined) return { accountId };
  return { jid, ...(endpoint === undefined ? {} : { endpoint }) };
}

/** Holdfast asks for no longer wait, in s, and sends no larger requests, in bytes. */
const USUAL_WAIT_S = 60;
const USUAL_SIZE = 500_000;

/** What would change if the account kept to what was learned, in words; empty where nothing would. */
export function changesOf({ learned, endpoint }: DoctorRun): string[] {
  const { wait, oneConnection, largestRequest } = learned;
  return [
    ...(isOtherEndpoint(learned, endpoint) ? [`Use ${learned.endpoint} as the BOSH address`] : []),
    ...(wait !== undefined && wait < USUAL_WAIT_S
      ? [`Let no request wait longer than ${wait} s`]
      : []),
    ...(oneConnection ? ['Send one request at a time'] : []),
    ...(largestRequest !== undefined && largestRequest < USUAL_SIZE
      ? [`Send no requests larger than ${formatBytes(largestRequest)}`]
      : []),
  ];
}

/** Another address works than the one that was typed. */
export function isOtherEndpoint(learned: DoctorLearned, typed: string | undefined): boolean {
  return typed !== undefined && learned.endpoint !== undefined && learned.endpoint !== typed;
}
