/**
 * What a session of the manager is told (events) and what it asks for (actions); the connection manager carries
 * these out. An exchange is one HTTP request that wants its answer; a stream goes by its number in the session.
 */
import type { BoshRequest } from './bosh-request.ts';
import type { StreamEnd, StreamRequest } from './upstream.ts';

/** The terminal binding conditions of XEP-0124 §17.2. */
export type Condition =
  | 'bad-request'
  | 'host-gone'
  | 'host-unknown'
  | 'improper-addressing'
  | 'internal-server-error'
  | 'item-not-found'
  | 'other-request'
  | 'policy-violation'
  | 'remote-connection-failed'
  | 'remote-stream-error'
  | 'see-other-uri'
  | 'system-shutdown'
  | 'undefined-condition';

/** Why a session is over: a condition, by the client's own wish, or because it was not heard of any more. */
export type EndReason = Condition | 'terminated' | 'inactivity' | 'abandoned';

/** An HTTP answer as far as the session decides it. */
export interface Answer {
  /** 200 but for a legacy client (XEP-0124 §17.1). */
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

export type SessionEvent<Exchange> =
  | { readonly type: 'request'; readonly request: BoshRequest; readonly exchange: Exchange }
  /** The connection of an exchange broke before it was answered. */
  | { readonly type: 'dropped'; readonly exchange: Exchange }
  | {
      readonly type: 'opened';
      readonly stream: number;
      readonly header: Readonly<Record<string, string>>;
    }
  | { readonly type: 'element'; readonly stream: number; readonly xml: string }
  /** All that the server has sent so far has been told. */
  | { readonly type: 'flush' }
  /** A write found no room; and there is room again. */
  | { readonly type: 'blocked'; readonly stream: number }
  | { readonly type: 'drained'; readonly stream: number }
  | { readonly type: 'stream-ended'; readonly stream: number; readonly end: StreamEnd }
  /** The time of the last `wake-at` has come. */
  | { readonly type: 'wake' }
  /** Something here broke that should not. */
  | { readonly type: 'fault' }
  /** The manager is going out of service. */
  | { readonly type: 'shut-down' };

export type SessionAction<Exchange> =
  | { readonly type: 'answer'; readonly exchange: Exchange; readonly answer: Answer }
  | { readonly type: 'open'; readonly stream: number; readonly request: StreamRequest }
  | { readonly type: 'write'; readonly stream: number; readonly xml: string }
  | { readonly type: 'restart'; readonly stream: number }
  /** Whether to read from the server. */
  | { readonly type: 'read'; readonly stream: number; readonly reading: boolean }
  | { readonly type: 'close'; readonly stream: number }
  /** Send `flush` at the end of this tick. */
  | { readonly type: 'flush-later' }
  /** Send `wake` then (in ms), or some time before; replaces the one before. */
  | { readonly type: 'wake-at'; readonly at: number }
  /** Last: the session is forgotten. */
  | { readonly type: 'ended'; readonly reason: EndReason };
