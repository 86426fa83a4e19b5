/**
 * What happened to one account's connection in the last day: the events behind the strip and the log of the health
 * panel and behind the connection report. The host records and keeps them (`electron/host/connection-history.ts`).
 * Times are epoch ms.
 */
import { z } from 'zod';
import { pathLimitsSchema } from './path-limits.ts';
import { problemSchema } from './problem.ts';

/** How far back the history goes, in ms. */
export const HISTORY_MS = 24 * 60 * 60_000;

export const connectionStateSchema = z.enum([
  /** Stanzas go both ways. */
  'up',
  /** A session is being opened, or gone on with after a fault. */
  'recovering',
  /** The last session is lost, and none has taken its place yet. */
  'down',
  'signed-out',
]);
/** See {@link connectionStateSchema}. */
export type ConnectionState = z.infer<typeof connectionStateSchema>;

/** The same id again is the same event, told anew because more is known of it. */
const base = { id: z.string(), at: z.number() };

export const connectionEventSchema = z.discriminatedUnion('kind', [
  /** The connection came into a state. `until`: it was seen in it; a hole before the next state is time without Holdfast. */
  z.object({
    ...base,
    kind: z.literal('state'),
    state: connectionStateSchema,
    until: z.number(),
    /** Why, where something went wrong: the last that did. */
    problem: problemSchema.optional(),
  }),
  /** A rung of the resume ladder was taken. */
  z.object({
    ...base,
    kind: z.literal('rung'),
    name: z.enum(['re-attach', 'resume', 'fast', 'login']),
    reason: z.string(),
  }),
  /** Something went wrong, and again until `until` without anything else in between. */
  z.object({
    ...base,
    kind: z.literal('problem'),
    until: z.number(),
    times: z.number().int(),
    problem: problemSchema,
  }),
  /** What the network does was learned, or (nothing in it) forgotten by hand. */
  z.object({ ...base, kind: z.literal('limits'), limits: pathLimitsSchema }),
]);
/** See {@link connectionEventSchema}. */
export type ConnectionEvent = z.infer<typeof connectionEventSchema>;
/** One kind of {@link ConnectionEvent}. */
export type EventOf<Kind extends ConnectionEvent['kind']> = Extract<
  ConnectionEvent,
  { kind: Kind }
>;
