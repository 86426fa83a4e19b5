/**
 * What the page knows: the host's records by account, and the messages of conversations that were opened.
 * Only `reduce.ts` makes a new one; everything here is read-only.
 */
import type { Authority } from '../../shared/certificate.ts';
import type { ConnectionEvent } from '../../shared/connection-history.ts';
import type { Account, Chat, Contact, Message } from '../../shared/contract/records.ts';
import type { DoctorRun } from '../../shared/doctor.ts';
import type { Health } from '../../shared/health.ts';
import type { Http2 } from '../../shared/http2.ts';
import type { Problem } from '../../shared/problem.ts';
import type { ProxyQuestion } from '../../shared/proxy.ts';

/** A chat's messages without a hole from the first held one to the newest. */
export interface Conversation {
  /** Ascending by position. */
  readonly messages: readonly Message[];
  /** The list's index of `messages[0]`; it falls as older messages are put before it. */
  readonly firstIndex: number;
  /** Nothing is older than the first message. */
  readonly atStart: boolean;
  /** Why the archive could not be asked for older messages. */
  readonly problem?: Problem;
  /** False until the newest page has arrived once. */
  readonly loaded: boolean;
  /** True after a gap in the events: the newest page has to be loaded again. */
  readonly stale: boolean;
  /** The load under way, with the ids that events changed since it began: those are newer than its answer. */
  readonly load?: {
    readonly id: number;
    readonly part: LoadPart;
    readonly touched: ReadonlySet<string>;
  };
  /** Rises when the messages were replaced instead of merged, so that the view starts afresh. */
  readonly epoch: number;
}

/** Which end of a conversation a load is for. */
export type LoadPart = 'newest' | 'older';

/** One account with everything of it, by bare JID. */
export interface AccountState {
  readonly account: Account;
  readonly contacts: ReadonlyMap<string, Contact>;
  readonly chats: ReadonlyMap<string, Chat>;
  readonly conversations: ReadonlyMap<string, Conversation>;
}

export interface History {
  readonly events: readonly ConnectionEvent[];
  readonly isLoaded: boolean;
}

/** `locked`: the host no longer accepts this page, which has to be opened from the terminal's link again. */
export type LinkState = 'opening' | 'up' | 'lost' | 'locked';

export interface State {
  readonly link: LinkState;
  /** True once the first snapshot has arrived. */
  readonly ready: boolean;
  readonly accounts: ReadonlyMap<string, AccountState>;
  /** By account, for those that have a session; apart, because it changes far more often than the rest. */
  readonly health: ReadonlyMap<string, Health>;
  /** The examination of a connection under way, or the last one. */
  readonly doctor: DoctorRun | undefined;
  /** By account, oldest first: what happened to its connection, where `isLoaded` in the whole of the last day. */
  readonly histories: ReadonlyMap<string, History>;
  readonly notices: readonly Problem[];
  /** A proxy that wants to know who is there. */
  readonly proxyQuestion?: ProxyQuestion | undefined;
  /** Proxies whose name and password are kept. */
  readonly keptProxies: readonly string[];
  /** Certificate authorities that the person added. */
  readonly authorities: readonly Authority[];
  /** Absent where Holdfast cannot speak it. */
  readonly http2?: Http2 | undefined;
  /** Notices the person has put away; a later snapshot does not bring them back. */
  readonly dismissed: ReadonlySet<string>;
}

export const initialState: State = {
  link: 'opening',
  ready: false,
  accounts: new Map(),
  health: new Map(),
  doctor: undefined,
  histories: new Map(),
  notices: [],
  authorities: [],
  keptProxies: [],
  dismissed: new Set(),
};

/** Far from zero, because the list's indices fall with every older page and must stay positive. */
export const FIRST_INDEX = 1_000_000;
