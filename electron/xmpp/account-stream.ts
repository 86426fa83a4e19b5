/**
 * One account's stream over one BOSH session: signs in (or goes on with a stored session), then carries
 * stanzas until the session ends. The host makes one for each attempt and throws it away at its end.
 */
import type { Health } from '../../shared/health.ts';
import type { PathLimits } from '../../shared/path-limits.ts';
import type { Problem } from '../../shared/problem.ts';
import type { JournalPayload, SessionRecord } from '../bosh/client/journal.ts';
import type { HttpExchange } from '../network/http-exchange.ts';
import type { LostStream } from './extensions/stream-management.ts';
import type { StreamJournal } from './stream-journal.ts';
import type { TriedFeature, Verdict, Verdicts } from './verdict.ts';
import type { FastToken } from './xmpp-client.ts';
import type { Unsubscribe, XmppStream } from './xmpp-stream.ts';

export interface AccountStreamOptions {
  /** The account's bare JID. */
  readonly jid: string;
  readonly password: string;
  readonly resource: string;
  /** The BOSH URL: https, or http to loopback. */
  readonly endpoint: string;
  readonly http: HttpExchange;
  readonly journal: StreamJournal;
  /** Go on with this session instead of signing in (the first rung). Its unprocessed payloads are delivered first. */
  readonly resume?: {
    readonly record: SessionRecord;
    readonly unprocessed: readonly JournalPayload[];
    /** Its stream is a managed one (XEP-0198), of which this many stanzas were received. */
    readonly received?: number;
  };
  /**
   * Sign in and take up the stream of a lost session (XEP-0198), or end with `server.not-resumed`. Its
   * unprocessed payloads are delivered once it is taken up.
   */
  readonly lost?: LostStream & { readonly unprocessed: readonly JournalPayload[] };
  /** Sign in with this where the server takes it, with the password where not. */
  readonly token?: FastToken;
  /** This installation for this account (XEP-0388): a UUID, version 4. */
  readonly agentId?: string;
  /** Ask for a session that needs one connection only. */
  readonly polling?: boolean;
  /** How long requests may be held, in s; the usual where absent. */
  readonly wait?: number;
  /** What the network is known to do, and all that is known of it when it shows more. */
  readonly limits?: PathLimits;
  readonly onLimits?: (limits: PathLimits) => void;
  /** These messages are not sent: no request that could carry them gets through. */
  readonly onUnsendable?: (messageIds: readonly string[], problem: Problem) => void;
  /** What was learned about this endpoint before, and what is learned now. */
  readonly verdicts?: Verdicts;
  readonly onVerdict?: (feature: TriedFeature, verdict: Verdict) => void;
  /** The server gave a token for next time; undefined: the one there is is no longer good. */
  readonly onToken?: (token: FastToken | undefined) => void;
  /** Why this rung was taken, for the health panel. */
  readonly reason: string;
  /** Where a line about something unexpected goes; never holds message text. */
  readonly log?: (line: string) => void;
}

export interface AccountStream extends XmppStream {
  /**
   * Resolves once stanzas go both ways: bound, resumed, or re-attached and answered. Rejects with a ProblemError
   * where the session ends first. Listeners of extensions are registered before; they hear every stanza.
   */
  readonly ready: Promise<void>;
  /** Resolves, never rejects, with the reason once the session has ended, whoever ended it. */
  readonly ended: Promise<Problem>;
  /** What it does before `ready`. */
  readonly progress: 'opening-session' | 'signing-in';
  onProgress(listener: (progress: 'opening-session' | 'signing-in') => void): Unsubscribe;
  /** A reading of the session as it is now. */
  health(): Health;
  /** Called after a change, at most once a tick. */
  onHealth(listener: () => void): Unsubscribe;
  /** What the network is known to do from now on, in place of what was known before. */
  keepTo(limits: PathLimits): void;
  /** Skips the pause before the next retry of a broken session. */
  retryNow(): void;
  /**
   * Asks that the session be kept for as long as the manager grants, where that is longer than usual; the next
   * thing said ends it. Resolves within about a second.
   */
  pause(): Promise<void>;
  /** Ends the session with unavailable presence; resolves when the manager confirmed or 5 s passed. */
  terminate(): Promise<void>;
  /**
   * Lets go without ending the session, so that a next process can go on with it: asks for a pause where one
   * is granted that is longer than the usual inactivity. Resolves within about a second.
   */
  detach(): Promise<void>;
}

/** Makes a stream; nothing is sent before `start()`, so that extensions can register their listeners. */
export type CreateAccountStream = (
  options: AccountStreamOptions,
) => AccountStream & { start(): void };
