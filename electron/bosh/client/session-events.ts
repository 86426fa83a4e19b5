/** What the session machine is told (events) and what it asks for (effects); the driver carries these out. */
import type { Element } from '@xmpp/xml';
import type { PathLimits } from '../../../shared/path-limits.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { HttpResponse, TlsReading } from '../../network/http-exchange.ts';
import type { DecodedBody } from '../protocol/body.ts';
import type { JournalRequest, SessionRecord } from './journal.ts';

/** What an exchange cost and over what it went. */
export interface ExchangeFacts {
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly httpVersion?: string;
  readonly tls?: TlsReading;
  readonly proxy?: NonNullable<HttpResponse['proxy']>;
}

export type SessionEvent =
  /** Ask the manager for a session, or go on with the recorded one. */
  | { readonly type: 'start' }
  /** A stanza or other payload to send; `messageIds` of the message stanzas in it. */
  | {
      readonly type: 'write';
      readonly payload: string;
      readonly messageIds: readonly string[];
    }
  /** Restart the XMPP stream (XEP-0206 §5). */
  | { readonly type: 'restart' }
  /** Nothing more is written in this tick. */
  | { readonly type: 'flush' }
  /** The stream is bound: from now on the session can be gone on with. */
  | { readonly type: 'bound'; readonly jid: string }
  /** The journal has the request of this rid. */
  | { readonly type: 'appended'; readonly rid: number }
  /** The journal has the answer of this rid. */
  | { readonly type: 'committed'; readonly rid: number }
  /** The whole request is with the kernel. */
  | { readonly type: 'sent'; readonly rid: number; readonly attempt: number }
  | {
      readonly type: 'answered';
      readonly rid: number;
      readonly attempt: number;
      readonly body: DecodedBody;
      readonly facts: ExchangeFacts;
    }
  /** No answer, or a stranger's. `retryAfterMs`: what the stranger asked for. */
  | {
      readonly type: 'failed';
      readonly rid: number;
      readonly attempt: number;
      readonly problem: Problem;
      readonly retryAfterMs?: number;
      readonly facts?: ExchangeFacts;
    }
  /** The time of the last `wake-at` has come. */
  | { readonly type: 'wake' }
  /** What the network does, as it has shown. */
  | { readonly type: 'limits'; readonly limits: PathLimits }
  /** The network may have changed: repeat at once on fresh connections. */
  | { readonly type: 'retry-now' }
  /** Nothing will be sent for this many seconds; does nothing where the manager grants no pause. */
  | { readonly type: 'pause'; readonly seconds: number }
  /** End the session, this payload last. */
  | { readonly type: 'terminate'; readonly payload: string }
  /** Let go without a word. `problem`: why, where something is wrong. */
  | { readonly type: 'abandon'; readonly problem: Problem };

export type SessionEffect =
  | { readonly type: 'begin'; readonly record: SessionRecord }
  | { readonly type: 'append'; readonly request: JournalRequest }
  | { readonly type: 'commit'; readonly rid: number; readonly payload: string | undefined }
  | { readonly type: 'taken'; readonly rid: number }
  /** The answer has come and cannot be delivered yet; a `commit` follows once it can. */
  | { readonly type: 'keep'; readonly rid: number; readonly payload: string }
  | {
      readonly type: 'post';
      readonly rid: number;
      readonly attempt: number;
      readonly lane: number;
      readonly body: string;
      readonly timeoutMs: number;
      /** Compress the body (`Content-Encoding: gzip`), since the manager takes that and it is long. */
      readonly compress: boolean;
    }
  | { readonly type: 'abort'; readonly rid: number; readonly attempt: number }
  /** Make the other connection ready before it is needed. */
  | { readonly type: 'warm'; readonly lane: number }
  /** The session creation response. */
  | { readonly type: 'created'; readonly root: Element }
  /** Payload, in rid order, once. `rid` absent where it is not journalled. */
  | { readonly type: 'deliver'; readonly rid?: number; readonly payload: readonly Element[] }
  /** These messages are not sent: no request that could carry them gets through. */
  | {
      readonly type: 'unsendable';
      readonly messageIds: readonly string[];
      readonly problem: Problem;
    }
  /** Send `flush` at the end of this tick. */
  | { readonly type: 'flush-later' }
  /** Send `wake` then; replaces the one before; absent: none is needed. */
  | { readonly type: 'wake-at'; readonly at: number | undefined }
  | { readonly type: 'ended'; readonly problem: Problem };
