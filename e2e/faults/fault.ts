/**
 * What a network can do to one HTTP exchange. Each file of `kinds/` describes a kind of fault in these
 * words, `schedule.ts` chooses which exchange meets which, and `chaos-proxy.ts` carries it out.
 *
 * The rule for a kind: it does what some network really does, no more. Bytes are lost, late, doubled,
 * cut or replaced as a whole; they are never altered, and an answer never belongs to another request.
 */

/** An answer that is not the connection manager's. */
export interface Stranger {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What befalls an exchange; a field that is absent means what a good network does. */
export interface Treatment {
  /** The request is held back this long before it goes on, in ms. */
  readonly requestDelayMs?: number;
  /** The request never reaches the server. */
  readonly isLost?: true;
  /** The same bytes reach the server once more this long after the first, in ms; that copy's answer is the one that comes back. */
  readonly copyAfterMs?: number;
  /** The server does not hear that the client has hung up, and a request held back goes on all the same. */
  readonly outlivesClient?: true;
  /** The client's connection is reset this long after the request came, in ms, unless it is over by then. */
  readonly breaksAfterMs?: number;
  /** Answers in the server's place, this long after the request came, in ms. */
  readonly stranger?: Stranger & { readonly afterMs: number };
  /** The answer is held back this long, in ms. */
  readonly answerDelayMs?: number;
  /** The answer is held back until a later request has been answered, but no longer than this, in ms. */
  readonly overtakenWithinMs?: number;
  /** The answer comes compressed, or as a server of 1996 would send it: closing the connection after it. */
  readonly form?: 'gzip' | 'http-1.0';
  /** Only this share of the answer's body comes, and then the connection ends; 0: not even the head comes. */
  readonly cut?: { readonly share: number; readonly by: 'reset' | 'close' };
  /** The answer comes byte by byte with this pause between two, in ms. */
  readonly dripMs?: number;
  /** The connection is closed when it has been idle for this long after the answer, in ms. */
  readonly closesAfterMs?: number;
  /** Nothing comes back on this connection any more and nothing more goes out on it, without a word. */
  readonly stalls?: true;
}

export interface Fault {
  /** As the totals name it. */
  readonly name: string;
  /** How often it comes, compared with the other kinds. */
  readonly weight: number;
  /** It hits from 1 to this many exchanges in a row; 1 where absent. */
  readonly longest?: number;
  /** @param random the schedule's numbers from 0 up to, not including, 1. */
  treat(random: () => number): Treatment;
}

/** A fault that hits an exchange. */
export interface PlannedFault {
  readonly name: string;
  readonly treatment: Treatment;
}
