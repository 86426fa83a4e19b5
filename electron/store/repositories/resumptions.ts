/**
 * The stream each account can resume once its session is lost (XEP-0198 §5): how many stanzas went each way,
 * and the requests that were not acknowledged. `SqliteSessions` keeps it true, in the transactions of the session.
 */
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type {
  KeptRequest,
  ResumableStream,
  ResumptionsRepository,
  StoredResumption,
  StoredSession,
} from '../store.ts';
import { accountKey } from './rows.ts';

export class SqliteResumptions implements Synchronous<ResumptionsRepository> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  load(accountId: string): StoredResumption | undefined {
    const row = this.#database.first<
      Omit<StoredResumption, 'lastRequests'> & { lastRequests: string }
    >(
      `SELECT endpoint, id, jid, max_ms AS maxMs, received, sent, last_requests AS lastRequests,
         last_answer_at AS lastAnswerAt
       FROM resumptions WHERE account = ?`,
      accountKey(this.#database, accountId),
    );
    return row && { ...row, lastRequests: JSON.parse(row.lastRequests) };
  }

  forget(accountId: string): void {
    this.#database.run(
      'DELETE FROM resumptions WHERE account = ?',
      accountKey(this.#database, accountId),
    );
  }

  /** A session with this key begins: with a stream of its own, with the one before, or with none to resume. */
  begin(
    accountId: string,
    key: number,
    session: StoredSession,
    stream: ResumableStream | undefined,
  ): void {
    const { endpoint, jid, lastAnswerAt } = session;
    if (stream?.isResumed) {
      this.#database.run(
        `UPDATE resumptions SET endpoint = ?, jid = ?, sent = ?, last_requests = '[]', last_answer_at = ?
         WHERE account = ?`,
        ...[endpoint, jid, stream.sent, lastAnswerAt, accountKey(this.#database, accountId)],
      );
      return;
    }
    this.forget(accountId);
    if (!stream) return;
    const { id, maxMs, sent } = stream;
    this.#database.run(
      `INSERT INTO resumptions (account, endpoint, id, jid, max_ms, first_session, sent, last_answer_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[accountKey(this.#database, accountId), endpoint, id, jid, maxMs, key, sent, lastAnswerAt],
    );
  }

  /** The stream's session is lost: what was not acknowledged is in doubt. */
  keepRequests(accountId: string, lastAnswerAt: number, requests: readonly KeptRequest[]): void {
    this.#database.run(
      'UPDATE resumptions SET last_requests = ?, last_answer_at = ? WHERE account = ?',
      JSON.stringify(requests),
      lastAnswerAt,
      accountKey(this.#database, accountId),
    );
  }

  /** @returns the count with these; undefined where there are none, or nobody counts. */
  countSent(accountId: string, stanzas: number): number | undefined {
    if (stanzas === 0) return undefined;
    return this.#database.first<{ sent: number }>(
      'UPDATE resumptions SET sent = sent + ? WHERE account = ? RETURNING sent',
      stanzas,
      accountKey(this.#database, accountId),
    )?.sent;
  }

  /** Stanzas of a payload of this session; nothing where it is older than the stream. */
  countReceived(accountId: string, session: number, stanzas: number): void {
    this.#database.run(
      'UPDATE resumptions SET received = received + ? WHERE account = ? AND first_session <= ?',
      stanzas,
      accountKey(this.#database, accountId),
      session,
    );
  }
}
