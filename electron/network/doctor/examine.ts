/**
 * The doctor: takes the steps one after the other, tells each change, and ends with the verdict. The host
 * runs it for the page and the command `holdfast doctor` for a terminal.
 */
import {
  type DoctorRun,
  type DoctorStep,
  type DoctorStepId,
  doctorStepIds,
} from '../../../shared/doctor.ts';
import { newId } from '../../../shared/ids.ts';
import { problemOf } from '../../../shared/problem.ts';
import { type Clock, systemClock } from '../clock.ts';
import { guessedEndpoints } from '../endpoints/guessed-endpoints.ts';
import type { NetworkPath } from './network-path.ts';
import type { Readings } from './readings.ts';
import type { Examination, Step } from './step.ts';
import { boshSession } from './steps/bosh-session.ts';
import { connection } from './steps/connection.ts';
import { encryption } from './steps/encryption.ts';
import { heldRequest } from './steps/held-request.ts';
import { nameResolution } from './steps/name-resolution.ts';
import { proxySettings } from './steps/proxy-settings.ts';
import { proxySignIn } from './steps/proxy-sign-in.ts';
import { publishedAddress } from './steps/published-address.ts';
import { requestSize } from './steps/request-size.ts';
import { roundTrip } from './steps/round-trip.ts';
import { twoAtOnce } from './steps/two-at-once.ts';
import { waysToSignIn } from './steps/ways-to-sign-in.ts';
import { learnedFrom, verdictOf } from './verdict.ts';

const steps: { readonly [Id in DoctorStepId]: Step<Id> } = {
  'proxy-settings': proxySettings,
  'name-resolution': nameResolution,
  connection,
  'proxy-sign-in': proxySignIn,
  encryption,
  'published-address': publishedAddress,
  'bosh-session': boshSession,
  'ways-to-sign-in': waysToSignIn,
  'round-trip': roundTrip,
  'two-at-once': twoAtOnce,
  'request-size': requestSize,
  'held-request': heldRequest,
};

export interface ExamineOptions {
  /** A bare JID or a domain. */
  readonly jid: string;
  /** The BOSH URL to look at; absent: to be found. */
  readonly endpoint?: string;
  readonly accountId?: string;
  /** SASL mechanisms Holdfast has, the best first. */
  readonly mechanisms: readonly string[];
  readonly path: NetworkPath;
  /** Aborting ends it after the step under way. */
  readonly signal: AbortSignal;
  /** Called after every change, at first before the first step. */
  readonly onChange: (run: DoctorRun) => void;
  /** Where the domain's host-meta is; `https://` and the domain where absent. */
  readonly hostMetaOrigin?: string;
  /** What to try where nothing is entered or published; the usual where absent. */
  readonly guesses?: readonly string[];
  readonly clock?: Clock;
}

/** Never rejects: what goes wrong is what it is for. */
export async function examine(options: ExamineOptions): Promise<DoctorRun> {
  const { clock = systemClock, jid, endpoint, signal, onChange } = options;
  const domain = jid.slice(jid.indexOf('@') + 1);
  let run: DoctorRun = {
    ...{ id: newId(), jid, state: 'running', startedAt: clock.now(), learned: {} },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(options.accountId === undefined ? {} : { accountId: options.accountId }),
    steps: doctorStepIds.map((id) => ({ id, state: 'waiting', facts: [] })),
  };
  let readings: Readings = {};
  const tell = (change: Partial<DoctorRun>): void => {
    run = { ...run, ...change };
    onChange(run);
  };
  const tellStep = (id: DoctorStepId, change: Partial<DoctorStep>): void =>
    tell({ steps: run.steps.map((step) => (step.id === id ? { ...step, ...change } : step)) });
  const { hostMetaOrigin = `https://${domain}`, guesses = guessedEndpoints(domain) } = options;
  const target = new URL(endpoint ?? hostMetaOrigin);
  const { path, mechanisms } = options;

  tell({});
  for (const id of doctorStepIds) {
    const step = steps[id] as Step;
    const examination: Examination = {
      ...{
        domain,
        endpoint,
        guesses,
        hostMetaOrigin,
        target,
        mechanisms,
        path,
        clock,
        signal,
        readings,
      },
      expect: (until) => tellStep(id, { until }),
    };
    const pointless = signal.aborted ? stopped : step.pointless(readings, examination);
    if (pointless !== undefined) {
      tellStep(id, { state: 'skipped', result: pointless });
      continue;
    }
    tellStep(id, { state: 'running', startedAt: clock.now() });
    const taken = await take(step, examination);
    if (taken.reading) readings = { ...readings, [id]: taken.reading };
    tellStep(id, { ...taken.shown, endedAt: clock.now() });
  }
  tell({
    state: signal.aborted ? 'stopped' : 'done',
    endedAt: clock.now(),
    verdict: verdictOf({ domain, target, readings }, signal.aborted),
    learned: learnedFrom(readings),
  });
  return run;
}

const stopped = 'The examination was stopped.';

async function take(
  step: Step,
  examination: Examination,
): Promise<{ reading?: unknown; shown: Partial<DoctorStep> }> {
  try {
    const { reading, state, result, advice, facts = [] } = await step.examine(examination);
    const code = reading.problem?.code;
    return {
      reading,
      shown: {
        ...{ state, result, facts: [...facts] },
        ...(advice === undefined || advice === '' ? {} : { advice }),
        ...(code === undefined ? {} : { code }),
      },
    };
  } catch (error) {
    if (examination.signal.aborted) return { shown: { state: 'skipped', result: stopped } };
    const { message, advice, code, detail } = problemOf(error);
    const facts = detail === undefined ? [] : [{ name: 'Detail', value: detail }];
    return { shown: { state: 'bad', result: message, advice, code, facts } };
  }
}
