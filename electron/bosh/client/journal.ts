/**
 * Write-ahead for one BOSH session: what must be on disk before it is on the wire or on the screen,
 * so that a process that dies can be followed by one that goes on with the same sid and rid.
 * The session calls it, the host keeps it in the store. Calls are made in order; one that cannot be kept
 * throws or rejects.
 */
import type { GrantedAttributes } from '../../../shared/health.ts';

/** A request as kept: its text with the sid left out, since the sid is a secret and lives sealed. */
export interface JournalRequest {
  readonly rid: number;
  /** The `<body/>` with an empty `sid` attribute; the same rid always goes with the same text. */
  readonly body: string;
  /** The `id` of every message stanza in the body: they are on their way exactly while this request is kept. */
  readonly messageIds: readonly string[];
}

/** A received payload kept until the application says it has processed it. */
export interface JournalPayload {
  readonly rid: number;
  /** The children of the answer's `<body/>`, as they came. */
  readonly payload: string;
}

/** Everything a new process needs to go on with a session. */
export interface SessionRecord {
  readonly endpoint: string;
  /** A secret, like `keys`: whoever has them can take the session over. */
  readonly sid: string;
  /** The full JID bound in this session. */
  readonly jid: string;
  readonly granted: GrantedAttributes;
  /** The rid of the next request. */
  readonly nextRid: number;
  /** In rid order; `answer`: the payload it was answered with, where that was kept until it can be delivered. */
  readonly unanswered: readonly (JournalRequest & { readonly answer?: string })[];
  /** Epoch ms of the last sign of life from the manager. */
  readonly lastAnswerAt: number;
  /** Present where the session uses key sequences (XEP-0124 §15). */
  readonly keys?: { readonly secret: string; readonly firstRid: number };
}

/** A promise that rejects where it could not be kept; undefined where it is kept already. */
export type Kept = Promise<void> | undefined;

export interface Journal {
  /** From now on this session can be gone on with; replaces any session kept before. */
  begin(record: SessionRecord): Promise<void>;
  /** On disk before the request is on the wire; its messages are now being sent. */
  append(request: JournalRequest): Kept;
  /** The manager has certainly taken this request although its answer is still held: its messages are sent. */
  taken(rid: number): Kept;
  /**
   * This rid was answered with this payload, which cannot be delivered yet: its messages are sent, the rest waits
   * for `answered`. Where the session ends before, the payload stays, as if it had been.
   */
  kept(rid: number, payload: string, at: number): Kept;
  /**
   * In one transaction: this rid is answered (its request forgotten, its messages sent) and its payload,
   * if any, is kept.
   */
  answered(rid: number, payload: string | undefined, at: number): Kept;
  /** The application has made its own records of the payload of this rid. */
  processed(rid: number): Kept;
  /** The session has ended; payloads not yet processed stay. */
  end(): Promise<void>;
}
