/** What the manager lets clients use (XEP-0124 §2 asks for protection against floods); all can be set. */

export interface ManagerLimits {
  /** Sessions at a time. */
  readonly sessions: number;
  /** Sessions at a time from one address; an IPv6 address counts with its /64. */
  readonly sessionsPerAddress: number;
  /** New sessions a minute from one address. */
  readonly creationsPerMinute: number;
  /** Requests a minute of one address that no session took; beyond, it is not listened to for the rest of the minute. */
  readonly refusalsPerMinute: number;
  /** Requests a second of one session, on average over ten seconds; each 4096 characters count as another. */
  readonly requestsPerSecond: number;
  /** Bytes of one request's body, compressed or not. */
  readonly bodyBytes: number;
  /** Bytes of request bodies that are on their way in, together; beyond, the longest one is given up. */
  readonly incomingBytes: number;
  /** Bytes of answers that one address does not read; beyond, its connection is cut. The answers are kept. */
  readonly unsentBytes: number;
  /** A body is on its way for no longer than this, in s. */
  readonly bodySeconds: number;
  /** Levels of elements in a request. */
  readonly depth: number;
  /** Elements in a request. */
  readonly elements: number;
  /** UTF-16 units that wait for one client; beyond, its server is not read. */
  readonly bufferedLength: number;
}

export const DEFAULT_LIMITS: ManagerLimits = {
  sessions: 20_000,
  sessionsPerAddress: 200,
  creationsPerMinute: 120,
  refusalsPerMinute: 600,
  requestsPerSecond: 1_000,
  bodyBytes: 1024 * 1024,
  incomingBytes: 64 * 1024 * 1024,
  unsentBytes: 16 * 1024 * 1024,
  bodySeconds: 30,
  depth: 100,
  elements: 20_000,
  bufferedLength: 512 * 1024,
};
