/**
 * The store as the host sees it: repositories of plain records, every call a promise answered by the
 * database worker. Calls made in one tick are carried out in order and in one transaction (group commit).
 * Everything is scoped by account; removing an account removes all that is here for it.
 */
import type { CertificateException } from '../../shared/certificate.ts';
import type { ConnectionEvent } from '../../shared/connection-history.ts';
import type {
  Chat,
  Contact,
  EndpointSource,
  Message,
  MessageState,
} from '../../shared/contract/records.ts';
import type { PathLimits } from '../../shared/path-limits.ts';
import type { Problem } from '../../shared/problem.ts';
import type { ProxySetting } from '../../shared/proxy.ts';

export interface StoredAccount {
  readonly id: string;
  readonly jid: string;
  readonly endpoint?: string;
  readonly enabled: boolean;
  /** Sealed by the Secrets port. */
  readonly password: string;
  /** The resource to ask for, kept so that a new session replaces the old one. */
  readonly resource: string;
  readonly name?: string;
  readonly avatar?: string;
  /** The last archive id known with nothing missing before it (XEP-0313 §3.4); empty: the archive was empty. */
  readonly archiveCursor?: string;
  /** True from a fresh login until its archive catch-up is complete, so that a re-attach goes on with it. */
  readonly catchUpUnfinished?: boolean;
  readonly rosterVersion?: string;
  /** What to sign in with instead of the password (XEP-0484), sealed by the Secrets port. */
  readonly token?: string;
  /** How its traffic leaves this computer; absent: by the system's settings. */
  readonly proxy?: ProxySetting;
  /** Certificates it trusts though something is wrong with them. */
  readonly exceptions?: readonly CertificateException[];
  /** What its server was told last of whether somebody looks (XEP-0352); absent where it does not want to know. */
  readonly clientState?: 'active' | 'inactive';
  /** It is to use little data; absent: as much as it likes. */
  readonly lowData?: boolean;
}

export interface AccountsRepository {
  list(): Promise<StoredAccount[]>;
  insert(account: StoredAccount): Promise<void>;
  /** A field set to null is cleared. */
  update(
    id: string,
    change: { [K in Exclude<keyof StoredAccount, 'id'>]?: StoredAccount[K] | null },
  ): Promise<void>;
  remove(id: string): Promise<void>;
}

/** A contact as kept: everything but presence, which is never older than the session. */
export type StoredContact = Omit<Contact, 'presence'>;

export interface ContactsRepository {
  list(accountId: string): Promise<StoredContact[]>;
  put(accountId: string, contacts: readonly StoredContact[]): Promise<void>;
  remove(accountId: string, jid: string): Promise<void>;
}

/** A chat as kept: everything but what the other side is doing now. */
export type StoredChat = Omit<Chat, 'chatState'>;

export interface ChatsRepository {
  /** With the unread count and the last message worked out; the most recent first. */
  list(accountId: string): Promise<StoredChat[]>;
  get(accountId: string, jid: string): Promise<StoredChat | undefined>;
  /** Creates it where it is not there. */
  open(accountId: string, jid: string): Promise<StoredChat>;
  saveDraft(accountId: string, jid: string, draft: string): Promise<void>;
  markRead(accountId: string, jid: string): Promise<StoredChat>;
  /** The server's archive holds nothing older for this chat. */
  setArchiveExhausted(accountId: string, jid: string): Promise<void>;
  isArchiveExhausted(accountId: string, jid: string): Promise<boolean>;
}

/** A message from a live stanza, a carbon or the archive; the pipeline fills in what it knows. */
export interface ArrivedMessage {
  readonly chat: string;
  /** Sent by this account: from another device, or our own seen again in the archive. */
  readonly outgoing: boolean;
  readonly body: string;
  readonly at: number;
  /** The stanza's `id` attribute, or better the sender's origin-id (XEP-0359). */
  readonly messageId?: string;
  /** The id our own server's archive gave it (XEP-0359 stanza-id by our bare JID, or the MAM result id). */
  readonly stanzaId?: string;
}

export interface MessagesRepository {
  /** A new outgoing message, state `waiting`. An id that is already there: the stored one, unchanged. */
  insertOutgoing(
    accountId: string,
    message: { id: string; chat: string; body: string; at: number },
  ): Promise<Message>;
  /**
   * Takes in messages that arrived, oldest first, each once: one is known already where the stanza-id
   * is known in this account, or the message id is known in the same chat and direction. A known
   * message keeps its place and gains what was missing (a stanza-id; `waiting`, `sending` and `failed`
   * become `sent`, and it takes its place at the end). `place`: `end` after all others, `start` before
   * all others of the chat (history). Returns what is new and what changed, in order.
   */
  take(
    accountId: string,
    messages: readonly ArrivedMessage[],
    place: 'end' | 'start',
  ): Promise<{ added: Message[]; changed: Message[] }>;
  /** How many of these {@link take} would add. */
  countUnknown(accountId: string, messages: readonly ArrivedMessage[]): Promise<number>;
  /**
   * Moves outgoing messages up the ladder (`sent`, `delivered`, where a receipt may overtake `sent`) or to
   * `failed`, never backwards; returns only those that really moved. `sending` is the journal's to say
   * (see `SessionsRepository.append`).
   */
  setState(
    accountId: string,
    ids: readonly string[],
    state: Extract<MessageState, 'sent' | 'delivered' | 'failed'>,
    problem?: Problem,
  ): Promise<Message[]>;
  /** `failed`, or `sending` that the archive does not know, back to `waiting`. */
  requeue(accountId: string, ids: readonly string[]): Promise<Message[]>;
  get(accountId: string, id: string): Promise<Message | undefined>;
  /** Deletes it where it is `waiting` or `failed`; the deleted message, or undefined. */
  discard(accountId: string, id: string): Promise<Message | undefined>;
  /** At most `limit` messages older than `before` (a position), ascending. */
  page(
    accountId: string,
    chat: string,
    before: number | undefined,
    limit: number,
  ): Promise<Message[]>;
  /** All in this state, in the order they were written. */
  inState(accountId: string, state: 'waiting' | 'sending'): Promise<Message[]>;
  /** The archive cursor as it was when the oldest message still `sending` was handed over; undefined: none is. */
  oldestUnconfirmedCursor(accountId: string): Promise<{ cursor: string | null } | undefined>;
  /** The archive id of the oldest message of a chat that has one. */
  oldestStanzaId(accountId: string, chat: string): Promise<string | undefined>;
}

/** A BOSH session as kept between processes; `sid` sealed. See `bosh/client/journal.ts` for the meaning. */
export interface StoredSession {
  readonly endpoint: string;
  readonly sid: string;
  readonly jid: string;
  /** JSON of the granted attributes. */
  readonly granted: string;
  readonly nextRid: number;
  readonly unanswered: readonly {
    readonly rid: number;
    readonly body: string;
    readonly messageIds: readonly string[];
    /** The payload it was `kept` with. */
    readonly answer?: string;
  }[];
  readonly lastAnswerAt: number;
}

/** A stream that can be resumed once its session is lost (XEP-0198 §5). */
export interface ResumableStream {
  /** The stream began in an earlier session: what it counted before stays. */
  readonly isResumed: boolean;
  /** The SM-ID, sealed by the Secrets port. */
  readonly id: string;
  /** How long the server keeps the stream without a session, in ms. */
  readonly maxMs: number;
  /** Stanzas of ours the server has taken so far in this stream. */
  readonly sent: number;
}

/** What begins with a session, in one transaction with it. */
export interface SessionStart {
  readonly stream?: ResumableStream;
  /** What came with the answer the session begins with, and is not processed; its rid is no request's. */
  readonly payload?: { readonly rid: number; readonly payload: string; readonly at: number };
  /** Messages of the session before that the server says it has: they become `sent`. */
  readonly arrived?: readonly string[];
  /**
   * Messages of the session before that the server says it has not: they become `waiting`, unless it was seen
   * since that it has them.
   */
  readonly missing?: readonly string[];
}

/**
 * `append`, `taken`, `kept`, `answered` and `processed` are a session's write-ahead: what they were told outlives the
 * process from the moment they return, and they throw where it could not be kept. Their promises tell what
 * the database made of it, some ms later.
 */
export interface SessionsRepository {
  load(accountId: string): Promise<StoredSession | undefined>;
  /** Replaces the session before, and the stream that could be resumed. Returns the messages that moved. */
  begin(accountId: string, session: StoredSession, start?: SessionStart): Promise<Message[]>;
  /**
   * Also makes `nextRid` one more than this rid, and moves these messages to `sending`, each taking its
   * place at the end and remembering the archive cursor as it is now. `stanzas`: how many are in it, where
   * the stream can be resumed. `at`: now, in epoch ms. Returns the messages that moved.
   */
  append(
    accountId: string,
    request: {
      rid: number;
      body: string;
      messageIds: readonly string[];
      stanzas?: number;
      at?: number;
    },
  ): Promise<Message[]>;
  /** The messages of this request become `sent`; the request stays until it is answered. */
  taken(accountId: string, rid: number): Promise<Message[]>;
  /** Keeps the payload with the request, whose messages become `sent`, until it is `answered`; returns those that moved. */
  kept(accountId: string, rid: number, payload: string, at: number): Promise<Message[]>;
  /** The server says that it has handled so many stanzas of the stream: what was answered until there is forgotten. */
  acknowledged(accountId: string, handled: number): Promise<void>;
  /**
   * Forgets the request, unless its stanzas are still to be acknowledged; keeps the payload, and moves the request's messages to
   * `sent`; returns those that moved.
   */
  answered(
    accountId: string,
    rid: number,
    payload: string | undefined,
    at: number,
  ): Promise<Message[]>;
  /** `stanzas`: how many were in it, where the stream can be resumed. */
  processed(accountId: string, rid: number, stanzas?: number): Promise<void>;
  /** Payloads received (`at`) and not yet processed, oldest first, `kept` ones left out; they outlive their session. */
  unprocessed(accountId: string): Promise<{ rid: number; payload: string; at: number }[]>;
  /**
   * Forgets the session and its requests; their messages stay `sending` until the archive tells, and those become
   * it again that were taken and not acknowledged, unless the stream was closed in order (`isClosed`). What was
   * `kept` stays as a payload, but not where the stream can be resumed: its server will send it again. Returns the
   * messages that moved.
   */
  end(accountId: string, isClosed?: boolean): Promise<Message[]>;
}

export interface KeptRequest {
  readonly body: string;
  readonly messageIds: readonly string[];
  /** The count of the stream's stanzas with those in it. */
  readonly through: number;
}

/** A stream whose session may be lost: everything it takes to resume it in a new one. */
export interface StoredResumption extends Omit<ResumableStream, 'isResumed'> {
  readonly endpoint: string;
  readonly jid: string;
  /** Stanzas from the server in payloads that were processed; those not processed count besides. */
  readonly received: number;
  /** Stanzas of ours in requests, answered or not. */
  readonly sent: number;
  /**
   * The requests with stanzas in them that the server had not acknowledged when the session was lost, answered or
   * not, in their order; empty while it is not lost.
   */
  readonly lastRequests: readonly KeptRequest[];
  readonly lastAnswerAt: number;
}

export interface ResumptionsRepository {
  load(accountId: string): Promise<StoredResumption | undefined>;
  /** The server has ended the stream, or will not resume it. */
  forget(accountId: string): Promise<void>;
}

/** What came of trying something at an endpoint. */
export interface StoredVerdict {
  readonly feature: string;
  readonly works: boolean;
  /** Epoch ms. */
  readonly at: number;
  /** For the log and the connection report. */
  readonly reason: string;
  /** What the endpoint looked like then: another look, another try. */
  readonly fingerprint: string;
}

export interface EndpointsRepository {
  verdicts(accountId: string, endpoint: string): Promise<StoredVerdict[]>;
  /** Replaces the verdict on this feature. */
  decide(accountId: string, endpoint: string, verdict: StoredVerdict): Promise<void>;
}

/** A BOSH address that was found for a domain, and when it worked last (epoch ms). */
export interface StoredFoundEndpoint {
  readonly url: string;
  readonly source: EndpointSource;
  readonly at: number;
}

export interface FoundEndpointsRepository {
  /** What worked last on this network; else, on any. */
  latest(network: string, domain: string): Promise<StoredFoundEndpoint | undefined>;
  put(network: string, domain: string, found: StoredFoundEndpoint): Promise<void>;
}

/** What a network does to the sessions with an endpoint, when that was learned last, and how often. */
export interface StoredPathLimits {
  readonly limits: PathLimits;
  readonly at: number;
  readonly times: number;
}

export interface PathsRepository {
  get(network: string, endpoint: string): Promise<StoredPathLimits | undefined>;
  put(network: string, endpoint: string, stored: StoredPathLimits): Promise<void>;
  remove(network: string, endpoint: string): Promise<void>;
}

export interface ConnectionEventsRepository {
  /** In the order they began. */
  list(accountId: string): Promise<ConnectionEvent[]>;
  /** Adds it, or replaces the one with its id; forgets what ended a day before it. */
  put(accountId: string, event: ConnectionEvent): Promise<void>;
}

export interface AvatarsRepository {
  put(accountId: string, hash: string, type: string, bytes: Uint8Array): Promise<void>;
  get(accountId: string, hash: string): Promise<{ type: string; bytes: Uint8Array } | undefined>;
}

/** Names and passwords of proxies, sealed by the Secrets port; a proxy is named as `proxyUrl` has it. */
export interface ProxyKeysRepository {
  /** The proxies there is something for. */
  list(): Promise<string[]>;
  get(proxy: string): Promise<string | undefined>;
  put(proxy: string, sealed: string): Promise<void>;
  remove(proxy: string): Promise<void>;
}

/** A certificate authority that a person added. */
export interface StoredAuthority {
  /** SHA-256 of the certificate, in pairs with colons. */
  readonly fingerprint: string;
  readonly pem: string;
  /** Epoch ms. */
  readonly addedAt: number;
}

export interface AuthoritiesRepository {
  /** In the order they were added. */
  list(): Promise<StoredAuthority[]>;
  /** One that is there already stays as it is. */
  put(authority: StoredAuthority): Promise<void>;
  remove(fingerprint: string): Promise<void>;
}

export interface Store {
  readonly accounts: AccountsRepository;
  readonly contacts: ContactsRepository;
  readonly chats: ChatsRepository;
  readonly messages: MessagesRepository;
  readonly sessions: SessionsRepository;
  readonly resumptions: ResumptionsRepository;
  readonly endpoints: EndpointsRepository;
  readonly foundEndpoints: FoundEndpointsRepository;
  readonly paths: PathsRepository;
  readonly connectionEvents: ConnectionEventsRepository;
  readonly avatars: AvatarsRepository;
  readonly proxyKeys: ProxyKeysRepository;
  readonly authorities: AuthoritiesRepository;
  /** What happened while opening that a person must know: a damaged database set aside. */
  readonly notices: readonly Problem[];
  close(): Promise<void>;
}
