/**
 * The connection as it really is: a reading of one BOSH session, derived from the session each time
 * it changes and never stored. Times are epoch milliseconds, sizes are bytes (HTTP heads included,
 * TLS and TCP left out). XEP-0124 terms throughout.
 */
import { z } from 'zod';
import { trustSchema } from './certificate.ts';
import { pathLimitsSchema } from './path-limits.ts';
import { problemSchema } from './problem.ts';
import { proxyAddressSchema } from './proxy.ts';

/** Where the session stands; the same words as the session's own machine. */
export const sessionStateSchema = z.enum([
  'connecting',
  'negotiating',
  'open',
  'paused',
  'broken',
  'closing',
  'closed',
]);
export type SessionState = z.infer<typeof sessionStateSchema>;

/** What the connection manager granted in its session creation response (XEP-0124 §7). Seconds as on the wire. */
export const grantedAttributesSchema = z.object({
  wait: z.number().optional(),
  hold: z.number().optional(),
  requests: z.number().optional(),
  polling: z.number().optional(),
  inactivity: z.number().optional(),
  maxpause: z.number().optional(),
  ver: z.string().optional(),
  ack: z.string().optional(),
  from: z.string().optional(),
  accept: z.string().optional(),
  charsets: z.string().optional(),
  stream: z.string().optional(),
  authid: z.string().optional(),
  secure: z.string().optional(),
  restartlogic: z.string().optional(),
  xmppVersion: z.string().optional(),
});
export type GrantedAttributes = z.infer<typeof grantedAttributesSchema>;

/** One place in the request window: `held` is in flight, empty, and waiting at the manager. */
export const windowSlotSchema = z.object({
  state: z.enum(['answered', 'in-flight', 'held', 'free']),
  rid: z.number().optional(),
});

/** One HTTP exchange as it went over one of the two connections (`lane`). */
export const exchangeSchema = z.object({
  rid: z.number(),
  lane: z.number().int().min(0),
  /** 1 for the first try of a rid, 2 for its first repeat, … */
  attempt: z.number().int().min(1),
  startedAt: z.number(),
  /** Absent while in flight. */
  endedAt: z.number().optional(),
  outcome: z.enum(['in-flight', 'payload', 'empty', 'failed', 'aborted', 'terminated']),
  stanzasSent: z.number().int(),
  stanzasReceived: z.number().int(),
  bytesSent: z.number().int(),
  bytesReceived: z.number().int(),
  /** The problem's code where the outcome is `failed`. */
  problemCode: z.string().optional(),
});
export type ExchangeReading = z.infer<typeof exchangeSchema>;

export const healthSchema = z.object({
  /** When this reading was taken. */
  takenAt: z.number(),
  state: sessionStateSchema,
  /** The BOSH URL. */
  endpoint: z.string(),
  httpVersion: z.string().optional(),
  /** The proxy on the way; absent until the first answer. */
  proxy: z.union([proxyAddressSchema, z.literal('none')]).optional(),
  /** Absent on plain HTTP to loopback and until the first exchange. */
  tls: z
    .object({
      protocol: z.string(),
      cipher: z.string().optional(),
      issuer: z.string().optional(),
      validTo: z.string().optional(),
      /** Why the certificate is trusted, and whom its chain ends in. */
      trust: trustSchema.optional(),
      root: z.string().optional(),
    })
    .optional(),
  /** Shortened: enough to tell two sessions apart, too little to take one over. */
  sid: z.string().optional(),
  /** The rid the next request will carry. */
  nextRid: z.number().optional(),
  granted: grantedAttributesSchema,
  window: z.array(windowSlotSchema),
  /** How many requests the manager holds now. */
  held: z.number().int(),
  /** The request the manager holds, and when its `wait` ends. */
  heldRequest: z
    .object({ rid: z.number(), lane: z.number(), startedAt: z.number(), deadline: z.number() })
    .optional(),
  /** When the session would end if nothing more were sent; absent while a request is with the manager. */
  inactivityDeadline: z.number().optional(),
  /** The last exchanges, oldest first, at most 40. */
  exchanges: z.array(exchangeSchema),
  /** Round trip of requests that were answered at once, in ms, over the last 100. */
  roundTrip: z.object({ median: z.number(), worst: z.number(), samples: z.number() }).optional(),
  retries: z.number().int(),
  bytesSent: z.number().int(),
  bytesReceived: z.number().int(),
  /** The ms kept between requests on different connections so that they arrive in order; 0 where not needed. */
  orderingGuard: z.number(),
  /** What the network is known to do to the session. */
  limits: pathLimitsSchema.optional(),
  /** The next retry of a broken session. */
  retryAt: z.number().optional(),
  lastProblem: problemSchema.extend({ at: z.number() }).optional(),
  /** How this session came to be: the rung of the resume ladder, and why that one. */
  rung: z
    .object({
      name: z.enum(['re-attach', 'resume', 'fast', 'login']),
      reason: z.string(),
      at: z.number(),
    })
    .optional(),
});
/** See {@link healthSchema}. */
export type Health = z.infer<typeof healthSchema>;
