/** One request of the session from the moment it has a rid until its answer is delivered. */
import type { DecodedBody } from '../protocol/body.ts';

export interface SessionRequest {
  readonly rid: number;
  /** Goes over the wire unchanged at every try (XEP-0124 §14.3). */
  readonly body: string;
  readonly kind: 'create' | 'restart' | 'payload' | 'empty' | 'pause' | 'terminate';
  readonly stanzas: number;
  readonly messageIds: readonly string[];
  /** Whether the journal must have it before the wire, and does. */
  durability: 'none' | 'appending' | 'appended';
  /** The manager may have had it before: a repeat, or a request of an earlier process. */
  repeated: boolean;
  /** The connection it is in flight on. */
  lane: number | undefined;
  /** 0 before the first try. */
  attempt: number;
  postedAt: number;
  /** The number of the current try among all of the session's. */
  postNumber: number;
  /** When the whole of the current try was with the kernel. */
  sentAt: number | undefined;
  /** The manager is known to have it although it holds the answer. */
  taken: boolean;
  /**
   * The manager says that it does not know this rid, and so many tries of the session's had been posted then;
   * a later one tells whether it knows the session.
   */
  forgottenAfter: number | undefined;
  /** How often it was repeated because the connections did not get through. */
  stalls: number;
  answer: DecodedBody | undefined;
  /**
   * Its connection was cut off while an older one was unanswered, or in an earlier process, on a manager that puts
   * requests off: what comes to its repeat may not be all that was answered.
   */
  inDoubt: boolean;
  /** The answer is on its way into the journal. */
  committing: boolean;
}

export function newRequest(
  given: Pick<
    SessionRequest,
    'rid' | 'body' | 'kind' | 'stanzas' | 'messageIds' | 'durability' | 'repeated'
  >,
): SessionRequest {
  return {
    ...given,
    lane: undefined,
    attempt: 0,
    postedAt: 0,
    postNumber: 0,
    sentAt: undefined,
    taken: false,
    forgottenAfter: undefined,
    stalls: 0,
    answer: undefined,
    inDoubt: false,
    committing: false,
  };
}
