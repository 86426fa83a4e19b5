/**
 * One session's write-ahead journal over the store: sid and SM-ID are sealed on their way in, stanzas are
 * counted where the stream can be resumed, and messages whose state moved become events. `AccountRuntime`
 * makes one for each stream and revokes it when the stream is let go, so that a straggler cannot touch the
 * session after it.
 */
import type { Message } from '../../shared/contract/records.ts';
import type { JournalPayload, Kept, SessionRecord } from '../bosh/client/journal.ts';
import type { SessionStart, SessionsRepository, Store, StoredSession } from '../store/store.ts';
import type { LostStream } from '../xmpp/extensions/stream-management.ts';
import { countInRequest, countStanzas, sentStanzas } from '../xmpp/kept-payload.ts';
import type { StreamJournal, StreamStart } from '../xmpp/stream-journal.ts';
import type { Secrets } from './secrets.ts';

export interface SessionJournalOptions {
  readonly accountId: string;
  readonly sessions: SessionsRepository;
  readonly secrets: Secrets;
  /** Messages that moved to `sending` or `sent`, or back to `waiting`. */
  readonly onMoved: (messages: readonly Message[]) => void;
  /** The session gone on with has a stream that can be resumed. */
  readonly isResumable?: boolean;
  readonly now: () => number;
}

export interface SessionJournal extends StreamJournal {
  /**
   * From now on the session is not touched any more. What was received may still be told processed: it
   * belongs to no session.
   */
  revoke(): void;
}

export function createSessionJournal(options: SessionJournalOptions): SessionJournal {
  const { accountId, sessions, secrets, onMoved } = options;
  let revoked = false;
  let isResumable = options.isResumable === true;
  /** Sealing takes a while: what comes after `begin` waits for it, and only then. */
  let beginning: Promise<void> | undefined;

  const tell = (moved: readonly Message[]): void => {
    if (moved.length > 0) onMoved(moved);
  };
  /** Why the store does not follow any more: whatever is to be kept next is refused with it. */
  let failure: { readonly reason: unknown } | undefined;
  /** The store has it when the call returns; what moved is told later. */
  const write = (call: () => Promise<void>): undefined => {
    if (failure) throw failure.reason;
    call().catch((reason: unknown) => {
      failure = { reason };
    });
  };
  const keep = (call: () => Promise<Message[]>): Kept => {
    const kept = () => (revoked ? undefined : write(() => call().then(tell)));
    return beginning ? beginning.then(kept) : kept();
  };

  return {
    begin(record, start = {}) {
      isResumable = start.stream !== undefined;
      const begun = (async () => {
        const [sid, storableStart] = await Promise.all([
          secrets.seal(JSON.stringify(secretsOf(record))),
          seal(start, secrets, options.now()),
        ]);
        if (!revoked)
          tell(await sessions.begin(accountId, { ...storable(record), sid }, storableStart));
      })();
      beginning = begun;
      const done = () => {
        if (beginning === begun) beginning = undefined;
      };
      begun.then(done, done);
      return begun;
    },
    append: (request) => {
      const stanzas = isResumable ? countInRequest(request) : 0;
      return keep(() => sessions.append(accountId, { ...request, stanzas, at: options.now() }));
    },
    taken: (rid) => keep(() => sessions.taken(accountId, rid)),
    kept: (rid, payload, at) => keep(() => sessions.kept(accountId, rid, payload, at)),
    answered: (rid, payload, at) => keep(() => sessions.answered(accountId, rid, payload, at)),
    acknowledged: (handled) => {
      // Where it is not kept, more is in doubt than need be.
      if (!revoked) sessions.acknowledged(accountId, handled).catch(() => {});
    },
    processed: (rid, stanzas) => write(() => sessions.processed(accountId, rid, stanzas)),
    async end(isClosed) {
      await beginning;
      if (!revoked) tell(await sessions.end(accountId, isClosed));
    },
    revoke: () => {
      revoked = true;
    },
  };
}

/**
 * The stored session with its payloads, ready to be gone on with; undefined where none is stored.
 * Rejects with `app.secrets-unreadable` where the sid cannot be unsealed.
 */
export async function loadSession(
  accountId: string,
  store: KeptStreams,
  secrets: Secrets,
): Promise<
  { record: SessionRecord; unprocessed: readonly JournalPayload[]; received?: number } | undefined
> {
  const [stored, unprocessed, stream] = await Promise.all([
    store.sessions.load(accountId),
    store.sessions.unprocessed(accountId),
    store.resumptions.load(accountId),
  ]);
  if (!stored) return undefined;
  const unsealed: SessionSecrets = JSON.parse(await secrets.unseal(stored.sid));
  return {
    record: { ...stored, ...unsealed, granted: JSON.parse(stored.granted) },
    unprocessed,
    ...(stream && { received: stream.received + countIn(unprocessed) }),
  };
}

/**
 * The stream of a lost session, ready to be resumed, and the endpoint it is kept at; undefined where none is.
 * Rejects with `app.secrets-unreadable` where the SM-ID cannot be unsealed.
 */
export async function loadLostStream(
  accountId: string,
  store: KeptStreams,
  secrets: Secrets,
): Promise<
  { endpoint: string; lost: LostStream & { unprocessed: readonly JournalPayload[] } } | undefined
> {
  const [stored, unprocessed] = await Promise.all([
    store.resumptions.load(accountId),
    store.sessions.unprocessed(accountId),
  ]);
  if (!stored) return undefined;
  const { endpoint, jid, maxMs, sent, lastRequests } = stored;
  return {
    endpoint,
    lost: {
      ...{ jid, maxMs, sent, unprocessed },
      id: await secrets.unseal(stored.id),
      received: stored.received + countIn(unprocessed),
      last: lastRequests.flatMap(sentStanzas),
    },
  };
}

/** Where sessions and their streams are kept. */
type KeptStreams = {
  readonly sessions: Pick<Store['sessions'], 'load' | 'unprocessed'>;
  readonly resumptions: Pick<Store['resumptions'], 'load'>;
};

/** Stanzas that count as received although nobody has processed them yet. */
function countIn(unprocessed: readonly JournalPayload[]): number {
  return unprocessed.reduce((count, { payload }) => count + countStanzas(payload), 0);
}

async function seal(start: StreamStart, secrets: Secrets, at: number): Promise<SessionStart> {
  const { stream, payload, ...settled } = start;
  return {
    ...settled,
    ...(stream && { stream: { ...stream, id: await secrets.seal(stream.id) } }),
    ...(payload && { payload: { ...payload, at } }),
  };
}

/** What could be used to take a session over, sealed as one. */
type SessionSecrets = Pick<SessionRecord, 'sid' | 'keys'>;

function secretsOf({ sid, keys }: SessionRecord): SessionSecrets {
  return { sid, ...(keys && { keys }) };
}

function storable({ keys: _, ...record }: SessionRecord): StoredSession {
  return { ...record, granted: JSON.stringify(record.granted) };
}
