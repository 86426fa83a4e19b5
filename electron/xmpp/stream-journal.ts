/**
 * The journal of a stream: the session's own (`bosh/client/journal.ts`), and what it takes to resume the
 * stream once that session is lost. The stream calls it, the host keeps it in the store.
 */
import type { Journal, Kept, SessionRecord } from '../bosh/client/journal.ts';
import type { ManagedStream } from './extensions/stream-management.ts';

/** What begins with a session, in one transaction with it. */
export interface StreamStart {
  /** The stream can be resumed later; absent: not. */
  readonly stream?: ManagedStream & {
    /** It is that of a lost session: what was counted before stays. */
    readonly isResumed: boolean;
    /** Stanzas of ours the server has handled. */
    readonly sent: number;
  };
  /** What came with the answer the session begins with and is not processed yet, under a rid of no request. */
  readonly payload?: { readonly rid: number; readonly payload: string };
  /** Messages of the lost session that the server has. */
  readonly arrived?: readonly string[];
  /** Messages of the lost session that the server has not. */
  readonly missing?: readonly string[];
}

export interface StreamJournal extends Journal {
  begin(record: SessionRecord, start?: StreamStart): Promise<void>;
  /** The server has handled so many stanzas of ours in this stream (XEP-0198 §4). */
  acknowledged(handled: number): void;
  /** `isClosed`: the stream was closed in order, so that the server handles all it was sent. */
  end(isClosed?: boolean): Promise<void>;
  /** `stanzas`: how many were in the payload. They count as received from the moment it was kept. */
  processed(rid: number, stanzas?: number): Kept;
}
