/** The doctor's own words, the same on the page, in a terminal and in a report. */
import type { DoctorFinding, DoctorStep, DoctorStepId, DoctorVerdict } from './doctor.ts';

/** What a step looks at. */
export const stepWords: Readonly<Record<DoctorStepId, string>> = {
  'proxy-settings': 'Proxy settings',
  'name-resolution': 'Name of the server',
  connection: 'Connection',
  'proxy-sign-in': 'Signing in to the proxy',
  encryption: 'Encryption and certificate',
  'published-address': 'Published BOSH address',
  'bosh-session': 'BOSH session',
  'ways-to-sign-in': 'Ways to sign in',
  'round-trip': 'Round trip',
  'two-at-once': 'Two requests at once',
  'request-size': 'Large requests',
  'held-request': 'A request that waits',
};

/** How a step stands, in a word or two. */
export const stepStateWords: Readonly<Record<DoctorStep['state'], string>> = {
  waiting: 'to come',
  running: 'under way',
  good: 'good',
  limited: 'to know',
  bad: 'problem',
  skipped: 'skipped',
};

/** The verdict in a sentence. */
export const outcomeWords: Readonly<Record<DoctorVerdict['outcome'], string>> = {
  clear: 'Holdfast gets through. Nothing stands in its way.',
  limited: 'Holdfast gets through, within limits that it can keep to.',
  blocked: 'Holdfast does not get through from here.',
  unfinished: 'The examination was stopped before it was over.',
};

/** What a finding is made of, as labels. */
export const findingWords: Readonly<Record<'what' | 'whose' | 'todo', string>> = {
  what: 'What happens',
  whose: 'Whose doing it is',
  todo: 'What to do',
};

/** How much a finding weighs. */
export const weightWords: Readonly<Record<DoctorFinding['weight'], string>> = {
  blocks: 'Keeps chat from getting through',
  limits: 'Holdfast can keep to this',
  tells: 'Good to know',
};
