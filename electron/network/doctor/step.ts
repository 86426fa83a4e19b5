/** What a step of the doctor is: each file of `steps/` is one, and `examine.ts` runs them in order. */
import type { DoctorFact, DoctorStepId } from '../../../shared/doctor.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Clock } from '../clock.ts';
import type { NetworkPath } from './network-path.ts';
import type { Readings, ReadingsById } from './readings.ts';

/** What is examined, and with what. */
export interface Examination {
  /** The XMPP domain. */
  readonly domain: string;
  /** The BOSH URL that was typed or is in use; absent where it is to be found. */
  readonly endpoint: string | undefined;
  /** Addresses to try where none is entered or published. */
  readonly guesses: readonly string[];
  /** Where the domain publishes its addresses: an origin. */
  readonly hostMetaOrigin: string;
  /** What the steps up to `encryption` look at: the endpoint, else that origin. */
  readonly target: URL;
  /** SASL mechanisms Holdfast has, the best first; PLAIN only where the way is private. */
  readonly mechanisms: readonly string[];
  readonly path: NetworkPath;
  readonly clock: Clock;
  /** Aborts when the person has had enough. */
  readonly signal: AbortSignal;
  readonly readings: Readings;
  /** Tells that this step may last until then (epoch ms). */
  expect(until: number): void;
}

export interface Outcome<Id extends DoctorStepId> {
  readonly reading: ReadingsById[Id];
  readonly state: 'good' | 'limited' | 'bad';
  /** One plain sentence. */
  readonly result: string;
  readonly advice?: string;
  readonly facts?: readonly DoctorFact[];
}

export interface Step<Id extends DoctorStepId = DoctorStepId> {
  readonly id: Id;
  /** Why it would tell nothing, in one plain sentence; undefined where it would. */
  pointless(readings: Readings, examination: Examination): string | undefined;
  /** What goes wrong in the network is part of the outcome; throws only where it was stopped, or for a bug. */
  examine(examination: Examination): Promise<Outcome<Id>>;
}

/** The outcome of a step that met this problem. */
export function failed<Id extends DoctorStepId>(
  reading: ReadingsById[Id] & { readonly problem: Problem },
  facts: readonly DoctorFact[] = [],
): Outcome<Id> {
  const { message, advice, detail } = reading.problem;
  const detailed = detail === undefined ? facts : [...facts, { name: 'Detail', value: detail }];
  return { reading, state: 'bad', result: message, advice, facts: detailed };
}

/** A fact where there is something to tell. */
export function fact(name: string, value: string | number | undefined): DoctorFact[] {
  return value === undefined || value === '' ? [] : [{ name, value: String(value) }];
}
