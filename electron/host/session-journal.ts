/**
 * One session's write-ahead journal over the store: the sid is sealed on its way in, and messages whose
 * state moved become events. `AccountRuntime` makes one for each stream and revokes it when the stream
 * is let go, so that a straggler cannot touch the session after it.
 */
import type { Message } from '../../shared/contract/records.ts';
import type { Journal, JournalPayload, SessionRecord } from '../bosh/client/journal.ts';
import type { SessionsRepository, StoredSession } from '../store/store.ts';
import type { Secrets } from './secrets.ts';

export interface SessionJournalOptions {
  readonly accountId: string;
  readonly sessions: SessionsRepository;
  readonly secrets: Secrets;
  /** Messages that moved to `sending` or `sent`. */
  readonly onMoved: (messages: readonly Message[]) => void;
}

export interface SessionJournal extends Journal {
  /**
   * From now on the session is not touched any more. What was received may still be told processed: it
   * belongs to no session.
   */
  revoke(): void;
}

export function createSessionJournal(options: SessionJournalOptions): SessionJournal {
  const { accountId, sessions, secrets, onMoved } = options;
  let revoked = false;
  /** Sealing takes a while: what comes after `begin` waits for it, and only then. */
  let beginning: Promise<void> | undefined;

  const inOrder = <T>(call: () => Promise<T>, otherwise: T): Promise<T> => {
    if (revoked) return Promise.resolve(otherwise);
    return beginning ? beginning.then(() => (revoked ? otherwise : call())) : call();
  };
  const moving = async (call: () => Promise<Message[]>): Promise<void> => {
    const moved = await inOrder(call, []);
    if (moved.length > 0) onMoved(moved);
  };

  return {
    begin(record) {
      const begun = inOrder(async () => {
        const sid = await secrets.seal(JSON.stringify(secretsOf(record)));
        if (!revoked) await sessions.begin(accountId, { ...storable(record), sid });
      }, undefined);
      beginning = begun;
      const done = () => {
        if (beginning === begun) beginning = undefined;
      };
      begun.then(done, done);
      return begun;
    },
    append: (request) => moving(() => sessions.append(accountId, request)),
    taken: (rid) => moving(() => sessions.taken(accountId, rid)),
    answered: (rid, payload, at) => moving(() => sessions.answered(accountId, rid, payload, at)),
    processed: (rid) => sessions.processed(accountId, rid),
    end: () => inOrder(() => sessions.end(accountId), undefined),
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
  sessions: SessionsRepository,
  secrets: Secrets,
): Promise<{ record: SessionRecord; unprocessed: readonly JournalPayload[] } | undefined> {
  const [stored, unprocessed] = await Promise.all([
    sessions.load(accountId),
    sessions.unprocessed(accountId),
  ]);
  if (!stored) return undefined;
  const unsealed: SessionSecrets = JSON.parse(await secrets.unseal(stored.sid));
  return { record: { ...stored, ...unsealed, granted: JSON.parse(stored.granted) }, unprocessed };
}

/** What could be used to take a session over, sealed as one. */
type SessionSecrets = Pick<SessionRecord, 'sid' | 'keys'>;

function secretsOf({ sid, keys }: SessionRecord): SessionSecrets {
  return { sid, ...(keys && { keys }) };
}

function storable({ keys: _, ...record }: SessionRecord): StoredSession {
  return { ...record, granted: JSON.stringify(record.granted) };
}
