/**
 * What a network does to the exchanges of a BOSH session, as far as it has shown: learned by sessions and by
 * examinations, remembered by the host for each network and endpoint, and kept to by the next session.
 */
import { z } from 'zod';

export const pathLimitsSchema = z.object({
  /** The longest a request can be held before something cuts it, in s; absent where nothing is known to. */
  wait: z.number().optional(),
  /** Whether only one connection at a time gets through. */
  oneConnection: z.boolean().optional(),
  /** Whether answers to requests that were held do not come through, while others do. */
  answersKeptBack: z.boolean().optional(),
  /** The largest request that gets through, in bytes; absent where no limit was met. */
  largestRequest: z.number().optional(),
  /** The smallest request that was refused for its size, in bytes. */
  refusedRequest: z.number().optional(),
});
/** See {@link pathLimitsSchema}. */
export type PathLimits = z.infer<typeof pathLimitsSchema>;

/** Whether a session here has to ask at intervals, over one connection (XEP-0124 §12). */
export function hasToPoll({ oneConnection, answersKeptBack }: PathLimits): boolean {
  return oneConnection === true || answersKeptBack === true;
}

/** What is known of a network now. */
export const knownLimitsSchema = z.object({
  /** Empty: nothing. */
  limits: pathLimitsSchema,
  /** When it was learned last, in epoch ms; absent where nothing is known. */
  at: z.number().optional(),
  /** When it is to be found out anew, in epoch ms; absent where nothing is known. */
  until: z.number().optional(),
});
/** See {@link knownLimitsSchema}. */
export type KnownLimits = z.infer<typeof knownLimitsSchema>;
