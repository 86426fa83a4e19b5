/**
 * An examination of the way from here to a chat server, as the doctor makes it step by step: what each step
 * found, the verdict, and what can be learned from it. The host runs it, the page and the command show it.
 * Times are epoch milliseconds.
 */
import { z } from 'zod';

/** The steps, in their order: what the next one needs comes first, what takes long comes last. */
export const doctorStepIds = [
  'proxy-settings',
  'name-resolution',
  'connection',
  'proxy-sign-in',
  'encryption',
  'published-address',
  'bosh-session',
  'ways-to-sign-in',
  'round-trip',
  'two-at-once',
  'request-size',
  'held-request',
] as const;
export type DoctorStepId = (typeof doctorStepIds)[number];

/** A technical detail for an administrator. */
export const doctorFactSchema = z.object({ name: z.string(), value: z.string() });
export type DoctorFact = z.infer<typeof doctorFactSchema>;

export const doctorStepSchema = z.object({
  id: z.enum(doctorStepIds),
  /** `limited`: it works, with something to know. `skipped`: `result` says why. */
  state: z.enum(['waiting', 'running', 'good', 'limited', 'bad', 'skipped']),
  startedAt: z.number().optional(),
  endedAt: z.number().optional(),
  /** While running: when it is over at the latest, where that takes long. */
  until: z.number().optional(),
  /** What was found, in one plain sentence. */
  result: z.string().optional(),
  /** What to do about it. */
  advice: z.string().optional(),
  /** The code of the problem behind a bad result (see `problem.ts`). */
  code: z.string().optional(),
  facts: z.array(doctorFactSchema),
});
export type DoctorStep = z.infer<typeof doctorStepSchema>;

/** One thing the network, the server or this computer does to the connection. */
export const doctorFindingSchema = z.object({
  /** Stable: `proxy-denies`, `held-request-cut`. */
  code: z.string(),
  /** `blocks`: chat does not get through. `limits`: it does, within limits Holdfast keeps to. `tells`: good to know. */
  weight: z.enum(['blocks', 'limits', 'tells']),
  /** What happens. */
  what: z.string(),
  /** Whose doing it is. */
  whose: z.string(),
  /** What to do. */
  todo: z.string(),
});
export type DoctorFinding = z.infer<typeof doctorFindingSchema>;

export const doctorVerdictSchema = z.object({
  outcome: z.enum(['clear', 'limited', 'blocked', 'unfinished']),
  /** The weightiest first; empty where there is nothing to say. */
  findings: z.array(doctorFindingSchema),
});
export type DoctorVerdict = z.infer<typeof doctorVerdictSchema>;

/** What the examination teaches about this network; a field is there where it was measured. */
export const doctorLearnedSchema = z.object({
  /** The BOSH URL that works. */
  endpoint: z.string().optional(),
  /** For how long a request can be held, in s; more than Holdfast asks for where nothing cuts it. */
  wait: z.number().optional(),
  /** Whether only one connection at a time gets through. */
  oneConnection: z.boolean().optional(),
  /** The largest request that got through, in bytes; more than Holdfast sends where nothing refuses it. */
  largestRequest: z.number().optional(),
});
export type DoctorLearned = z.infer<typeof doctorLearnedSchema>;

export const doctorRunSchema = z.object({
  id: z.string(),
  /** Whose way is examined: a bare JID, or a domain. */
  jid: z.string(),
  /** The BOSH URL that was typed; absent where it is looked for. */
  endpoint: z.string().optional(),
  /** The account this is about, where there is one. */
  accountId: z.string().optional(),
  state: z.enum(['running', 'done', 'stopped']),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  /** All of them, in their order. */
  steps: z.array(doctorStepSchema),
  /** Once it is over. */
  verdict: doctorVerdictSchema.optional(),
  learned: doctorLearnedSchema,
});
/** See {@link doctorRunSchema}. */
export type DoctorRun = z.infer<typeof doctorRunSchema>;
