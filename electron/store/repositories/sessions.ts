/**
 * The BOSH session of each account as the next process needs it (write-ahead): its unanswered requests,
 * and the payloads received but not processed. It alone moves messages to `sending`, and on to `sent`
 * with the answer, so that request and message can never disagree.
 */
import type { Message } from '../../../shared/contract/records.ts';
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { KeptRequest, SessionStart, SessionsRepository, StoredSession } from '../store.ts';
import type { SqliteMessages } from './messages.ts';
import type { SqliteResumptions } from './resumptions.ts';
import { accountKey } from './rows.ts';

type StoredRequest = StoredSession['unanswered'][number];

interface NewRequest extends StoredRequest {
  readonly stanzas?: number;
  readonly at?: number;
}

/** The most answered requests that are kept, should a server not acknowledge any. */
const ANSWERED_KEPT = 1_000;

/** Whether a payload was `kept`, and not yet `answered`: one behind a missing answer. */
const HAS_TO_WAIT = `EXISTS (SELECT 1 FROM requests
  WHERE requests.session = payloads.session AND requests.rid = payloads.rid AND answered = 0)`;

interface SessionRow {
  readonly key: number;
  readonly endpoint: string;
  readonly sid: string;
  readonly jid: string;
  readonly granted: string;
  readonly nextRid: number;
  readonly lastAnswerAt: number;
}

interface RequestRow {
  readonly rid: number;
  readonly body: string;
  /** A JSON array. */
  readonly messageIds: string;
}

export class SqliteSessions implements Synchronous<SessionsRepository> {
  readonly #database: Database;
  readonly #messages: SqliteMessages;
  readonly #resumptions: SqliteResumptions;

  constructor(database: Database, messages: SqliteMessages, resumptions: SqliteResumptions) {
    this.#database = database;
    this.#messages = messages;
    this.#resumptions = resumptions;
  }

  load(accountId: string): StoredSession | undefined {
    const row = this.#database.first<SessionRow>(
      `SELECT key, endpoint, sid, jid, granted, next_rid AS nextRid, last_answer_at AS lastAnswerAt
       FROM sessions WHERE account = ?`,
      accountKey(this.#database, accountId),
    );
    if (!row) return undefined;
    const { key, ...session } = row;
    const unanswered = this.#database
      .all<RequestRow & { answer: string | null }>(
        `SELECT rid, body, message_ids AS messageIds, payload AS answer FROM requests
         LEFT JOIN payloads USING (session, rid) WHERE session = ? AND answered = 0 ORDER BY rid`,
        key,
      )
      .map(({ answer, ...request }) => ({
        ...toRequest(request),
        ...(answer !== null && { answer }),
      }));
    return { ...session, unanswered };
  }

  begin(accountId: string, session: StoredSession, start: SessionStart = {}): Message[] {
    this.end(accountId);
    const { lastKey } = this.#database.run(
      `INSERT INTO sessions (account, endpoint, sid, jid, granted, next_rid, last_answer_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      accountKey(this.#database, accountId),
      session.endpoint,
      session.sid,
      session.jid,
      session.granted,
      session.nextRid,
      session.lastAnswerAt,
    );
    for (const request of session.unanswered) {
      this.#keep(accountId, lastKey, { ...request, at: session.lastAnswerAt });
    }
    const { stream, payload, arrived = [], missing = [] } = start;
    this.#resumptions.begin(accountId, lastKey, session, stream);
    if (payload) this.#keepPayload(accountId, lastKey, payload.rid, payload.payload, payload.at);
    return [
      ...this.#messages.accepted(accountId, arrived),
      ...this.#messages.notAccepted(accountId, missing),
    ];
  }

  append(accountId: string, request: NewRequest): Message[] {
    const session = this.#sessionKey(accountId);
    if (session === null) throw new Error('A request was appended to a session that has ended.');
    this.#database.run('UPDATE sessions SET next_rid = ? WHERE key = ?', request.rid + 1, session);
    const through = this.#resumptions.countSent(accountId, request.stanzas ?? 0);
    return this.#keep(accountId, session, request, through);
  }

  taken(accountId: string, rid: number): Message[] {
    const row = this.#database.first<RequestRow>(
      `SELECT rid, body, message_ids AS messageIds FROM requests WHERE session = ? AND rid = ?`,
      this.#sessionKey(accountId),
      rid,
    );
    return row ? this.#messages.accepted(accountId, toRequest(row).messageIds) : [];
  }

  kept(accountId: string, rid: number, payload: string, at: number): Message[] {
    this.#keepPayload(accountId, this.#sessionKey(accountId), rid, payload, at);
    return this.taken(accountId, rid);
  }

  answered(accountId: string, rid: number, payload: string | undefined, at: number): Message[] {
    const session = this.#sessionKey(accountId);
    const moved = this.taken(accountId, rid);
    this.#forgetRequest(session, rid);
    this.#database.run('UPDATE sessions SET last_answer_at = ? WHERE key = ?', at, session);
    if (payload !== undefined) this.#keepPayload(accountId, session, rid, payload, at);
    return moved;
  }

  processed(accountId: string, rid: number, stanzas = 0): void {
    const forgotten = this.#database.all<{ session: number }>(
      'DELETE FROM payloads WHERE account = ? AND rid = ? RETURNING session',
      accountKey(this.#database, accountId),
      rid,
    );
    for (const { session } of forgotten) {
      this.#resumptions.countReceived(accountId, session, stanzas);
    }
  }

  unprocessed(accountId: string): { rid: number; payload: string; at: number }[] {
    return this.#database.all(
      `SELECT rid, payload, at FROM payloads WHERE account = ?
         AND NOT ${HAS_TO_WAIT}
       ORDER BY session, rid`,
      accountKey(this.#database, accountId),
    );
  }

  acknowledged(accountId: string, handled: number): void {
    this.#database.run(
      'DELETE FROM requests WHERE session = ? AND answered = 1 AND through <= ?',
      this.#sessionKey(accountId),
      handled,
    );
  }

  end(accountId: string, isClosed = false): Message[] {
    const moved: Message[] = [];
    const session = this.load(accountId);
    if (session) {
      const last = this.#unacknowledged(this.#sessionKey(accountId));
      this.#resumptions.keepRequests(accountId, session.lastAnswerAt, last);
      const inDoubt = isClosed ? [] : last.flatMap(({ messageIds }) => messageIds);
      moved.push(...this.#messages.doubted(accountId, inDoubt));
    }
    const account = accountKey(this.#database, accountId);
    this.#database.run(
      `DELETE FROM payloads WHERE account = ?1
         AND EXISTS (SELECT 1 FROM resumptions WHERE account = ?1)
         AND ${HAS_TO_WAIT}`,
      account,
    );
    this.#database.run('DELETE FROM sessions WHERE account = ?', account);
    return moved;
  }

  #keep(accountId: string, session: number, request: NewRequest, through?: number): Message[] {
    this.#database.run(
      'INSERT INTO requests (session, rid, body, message_ids, through) VALUES (?, ?, ?, ?, ?)',
      session,
      request.rid,
      request.body,
      JSON.stringify(request.messageIds),
      through ?? null,
    );
    return this.#messages.handOver(accountId, request.messageIds, request.at ?? 0);
  }

  #unacknowledged(session: number | null): KeptRequest[] {
    return this.#database
      .all<Omit<KeptRequest, 'messageIds'> & { messageIds: string }>(
        `SELECT body, message_ids AS messageIds, through FROM requests
         WHERE session = ? AND through IS NOT NULL ORDER BY rid`,
        session,
      )
      .map((row) => ({ ...row, messageIds: JSON.parse(row.messageIds) as string[] }));
  }

  /** An answered request, unless its server may yet say that it did not come to it. */
  #forgetRequest(session: number | null, rid: number): void {
    this.#database.run(
      'UPDATE requests SET answered = 1 WHERE session = ? AND rid = ? AND through IS NOT NULL',
      session,
      rid,
    );
    this.#database.run(
      `DELETE FROM requests WHERE session = ?1 AND rid <= ?2
         AND (rid = ?2 AND answered = 0 OR rid <= ?2 - ?3 AND answered = 1)`,
      session,
      rid,
      ANSWERED_KEPT,
    );
  }

  #keepPayload(
    accountId: string,
    session: number | null,
    rid: number,
    payload: string,
    at: number,
  ): void {
    this.#database.run(
      `INSERT OR IGNORE INTO payloads (account, session, rid, payload, at)
       VALUES (?1, coalesce(?2, (SELECT max(session) FROM payloads WHERE account = ?1), 0), ?3, ?4, ?5)`,
      accountKey(this.#database, accountId),
      session,
      rid,
      payload,
      at,
    );
  }

  #sessionKey(accountId: string): number | null {
    const row = this.#database.first<{ key: number }>(
      'SELECT key FROM sessions WHERE account = ?',
      accountKey(this.#database, accountId),
    );
    return row?.key ?? null;
  }
}

function toRequest(row: RequestRow): StoredRequest {
  return { ...row, messageIds: JSON.parse(row.messageIds) as string[] };
}
