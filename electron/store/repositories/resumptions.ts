/**
 * The stream each account can resume once its session is lost (XEP-0198 §5): how many stanzas went each way,
 * and the requests nobody answered. `SqliteSessions` keeps it true, in the transactions of the session.
 */
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type {
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
    const row = this.#database.first<Omit<StoredResumption, 'unanswered'> & { unanswered: string }>(
      `SELECT endpoint, id, jid, max_ms AS maxMs, received, sent, unanswered,
         last_answer_at AS lastAnswerAt
       FROM resumptions WHERE account = ?`,
      accountKey(this.#database, accountId),
    );
    return row && { ...row, unanswered: JSON.parse(row.unanswered) };
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
        `UPDATE resumptions SET endpoint = ?, jid = ?, sent = ?, unanswered = '[]', last_answer_at = ?
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

  /** The stream's session is lost: what it had sent without an answer is all that is in doubt. */
  keepUnanswered(accountId: string, session: StoredSession): void {
    const unanswered = session.unanswered.map(({ body, messageIds }) => ({ body, messageIds }));
    this.#database.run(
      'UPDATE resumptions SET unanswered = ?, last_answer_at = ? WHERE account = ?',
      JSON.stringify(unanswered),
      session.lastAnswerAt,
      accountKey(this.#database, accountId),
    );
  }

  countSent(accountId: string, stanzas: number): void {
    if (stanzas === 0) return;
    this.#database.run(
      'UPDATE resumptions SET sent = sent + ? WHERE account = ?',
      stanzas,
      accountKey(this.#database, accountId),
    );
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
