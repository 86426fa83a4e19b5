/**
 * From what the steps measured to what it means: what the network does, whose doing it is and what can be
 * done about it, in plain words for a person; and what Holdfast can learn from it. Pure; `examine.ts` calls it.
 */
import type { DoctorFinding, DoctorLearned, DoctorVerdict } from '../../../shared/doctor.ts';
import { blockers } from './findings/blockers.ts';
import type { Case } from './findings/case.ts';
import { limits } from './findings/limits.ts';
import type { Readings } from './readings.ts';

export type { Case } from './findings/case.ts';

/** @param wasStopped some steps were not taken because the person had had enough */
export function verdictOf(of: Case, wasStopped: boolean): DoctorVerdict {
  const blocker = blockers(of);
  const findings: DoctorFinding[] = [...(blocker ? [blocker] : []), ...limits(of)];
  const weighs = (weight: DoctorFinding['weight']) =>
    findings.filter((finding) => finding.weight === weight);
  const ordered = [...weighs('blocks'), ...weighs('limits'), ...weighs('tells')];
  if (blocker) return { outcome: 'blocked', findings: ordered };
  if (wasStopped) return { outcome: 'unfinished', findings: ordered };
  return { outcome: weighs('limits').length > 0 ? 'limited' : 'clear', findings: ordered };
}

/** Renewing this much earlier than something cuts keeps clear of it, in s and as a share. */
const marginS = 2;
const marginShare = 0.1;
/** As long as Holdfast ever asks for, in s. */
const enoughS = 60;

/** What the next sessions can keep to. */
export function learnedFrom(readings: Readings): DoctorLearned {
  const { endpoint } = readings['bosh-session'] ?? {};
  const twoAtOnce = readings['two-at-once'];
  const size = readings['request-size'];
  const wait = longestWait(readings['held-request']);
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(twoAtOnce?.works === undefined ? {} : { oneConnection: !twoAtOnce.works }),
    ...(size === undefined || size.largest === 0 ? {} : { largestRequest: size.largest }),
    ...(wait === undefined ? {} : { wait }),
  };
}

function longestWait(held: Readings['held-request']): number | undefined {
  if (held === undefined) return undefined;
  if (held.cutAfterMs === undefined) {
    const seconds = Math.floor(held.survivedMs / 1_000);
    // The server itself may have let it wait no longer: then nothing is known.
    return held.problem === undefined && seconds >= enoughS ? seconds : undefined;
  }
  // After silence only what came back is known to be short enough.
  const isKnown = held.survivedMs < held.cutAfterMs;
  const safe = held.survivedMs / 1_000;
  if (isKnown) return Math.floor(safe);
  return Math.max(0, Math.floor(safe - Math.max(marginS, safe * marginShare)));
}
