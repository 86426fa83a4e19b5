/**
 * The messages of an account: what is written here and climbs the ladder, and what arrives, each message
 * once however many copies come. See `MessagesRepository` for what each method promises.
 */
import type { Message, MessageState } from '../../../shared/contract/records.ts';
import { newId } from '../../../shared/ids.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { ArrivedMessage, MessagesRepository } from '../store.ts';
import type { SqliteChats } from './chats.ts';
import { archiveConfirms, mayMove, type Rung } from './ladder.ts';
import { type MessageRow, SELECT_MESSAGES, toMessage } from './message-row.ts';
import { NOT_HANDED_OVER, placeAtEnd, placesAtStart, waitingPlace } from './places.ts';
import { accountKey } from './rows.ts';
import { isSameMessage } from './same-message.ts';

/** The longest id a message of the contract may have. */
const LONGEST_ID = 256;

/** Each state is spelled out, since SQLite must see at once that the small index of that state serves. */
const SELECT_IN_STATE = {
  waiting: `${SELECT_MESSAGES} WHERE m.account = ? AND m.state = 'waiting' ORDER BY m.key`,
  sending: `${SELECT_MESSAGES} WHERE m.account = ? AND m.state = 'sending' ORDER BY m.key`,
};

export class SqliteMessages implements Synchronous<MessagesRepository> {
  readonly #database: Database;
  readonly #chats: SqliteChats;

  constructor(database: Database, chats: SqliteChats) {
    this.#database = database;
    this.#chats = chats;
  }

  insertOutgoing(
    accountId: string,
    message: { id: string; chat: string; body: string; at: number },
  ): Message {
    const known = this.get(accountId, message.id);
    if (known) return known;
    const account = accountKey(this.#database, accountId);
    const chat = this.#chats.openKey(account, message.chat);
    // The place needs the key, which is one more than the highest that was ever used.
    const { lastKey } = this.#database.run(
      `INSERT INTO messages (account, chat, id, outgoing, body, at, position, state, message_id,
         written_here, accepted)
       VALUES (?1, ?2, ?3, 1, ?4, ?5,
         ?6 + 1 + coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0),
         'waiting', ?3, 1, 0)`,
      account,
      chat,
      message.id,
      message.body,
      message.at,
      NOT_HANDED_OVER,
    );
    return {
      ...message,
      outgoing: true,
      position: waitingPlace(lastKey),
      state: 'waiting',
    };
  }

  take(
    accountId: string,
    messages: readonly ArrivedMessage[],
    place: 'end' | 'start',
  ): { added: Message[]; changed: Message[] } {
    const account = accountKey(this.#database, accountId);
    const added: Message[] = [];
    const changed: Message[] = [];
    /** By chat, the next of the places kept before all others; those of known messages stay empty. */
    const history = new Map<number, number>();
    for (const arrived of messages) {
      const chat = this.#chats.openKey(account, arrived.chat);
      const known = this.#known(account, chat, arrived);
      if (known) {
        const after = this.#complete(known, arrived);
        if (after) changed.push(after);
        continue;
      }
      if (place === 'end') {
        added.push(this.#add(account, chat, arrived, placeAtEnd(this.#database, chat)));
        continue;
      }
      const position = history.get(chat) ?? placesAtStart(this.#database, chat, messages.length);
      history.set(chat, position + 1);
      added.push(this.#add(account, chat, arrived, position));
    }
    if (place === 'end') this.#readOwn(account, added);
    return { added, changed };
  }

  countUnknown(accountId: string, messages: readonly ArrivedMessage[]): number {
    const account = accountKey(this.#database, accountId);
    return messages.filter(
      (arrived) => !this.#known(account, this.#chats.openKey(account, arrived.chat), arrived),
    ).length;
  }

  setState(accountId: string, ids: readonly string[], state: Rung, problem?: Problem): Message[] {
    return this.#outgoing(accountId, ids, (row) => {
      if (!mayMove(row.state, state)) return undefined;
      if (state === 'failed') {
        return this.#move(row, { state, problem: problem ? JSON.stringify(problem) : null });
      }
      return this.#confirm(row, state);
    });
  }

  requeue(accountId: string, ids: readonly string[]): Message[] {
    return this.#outgoing(accountId, ids, (row) => {
      return row.state === 'failed' || row.state === 'sending' ? this.#wait(row) : undefined;
    });
  }

  get(accountId: string, id: string): Message | undefined {
    const row = this.#row(accountKey(this.#database, accountId), id);
    return row && toMessage(row);
  }

  discard(accountId: string, id: string): Message | undefined {
    const row = this.#row(accountKey(this.#database, accountId), id);
    if (row?.state !== 'waiting' && row?.state !== 'failed') return undefined;
    this.#database.run('DELETE FROM messages WHERE key = ?', row.key);
    return toMessage(row);
  }

  page(accountId: string, chat: string, before: number | undefined, limit: number): Message[] {
    return this.#database
      .all<MessageRow>(
        `${SELECT_MESSAGES}
         WHERE m.chat = (SELECT key FROM chats WHERE account = ? AND jid = ?) AND m.position < ?
         ORDER BY m.position DESC LIMIT ?`,
        accountKey(this.#database, accountId),
        chat,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .map(toMessage)
      .reverse();
  }

  inState(accountId: string, state: 'waiting' | 'sending'): Message[] {
    return this.#database
      .all<MessageRow>(SELECT_IN_STATE[state], accountKey(this.#database, accountId))
      .map(toMessage);
  }

  oldestUnconfirmedCursor(accountId: string): { cursor: string | null } | undefined {
    return this.#database.first(
      `SELECT handover_cursor AS cursor FROM messages
       WHERE account = ? AND state = 'sending' ORDER BY handover LIMIT 1`,
      accountKey(this.#database, accountId),
    );
  }

  oldestStanzaId(accountId: string, chat: string): string | undefined {
    const row = this.#database.first<{ stanzaId: string }>(
      `SELECT stanza_id AS stanzaId FROM messages
       WHERE chat = (SELECT key FROM chats WHERE account = ? AND jid = ?) AND stanza_id IS NOT NULL
       ORDER BY position LIMIT 1`,
      accountKey(this.#database, accountId),
      chat,
    );
    return row?.stanzaId;
  }

  /** These messages are written into a request of the session now: those that waited are `sending`. */
  handOver(accountId: string, ids: readonly string[], at: number): Message[] {
    return this.#outgoing(accountId, ids, (row) => {
      if (row.state !== 'waiting') return undefined;
      this.#database.run(
        `UPDATE messages SET accepted = 0,
           handover_cursor = (SELECT archive_cursor FROM accounts WHERE key = messages.account),
           handover = ?
         WHERE key = ?`,
        this.#nextHandover(accountId, at),
        row.key,
      );
      return this.#move(row, {
        state: 'sending',
        position: placeAtEnd(this.#database, row.chat),
        problem: null,
      });
    });
  }

  /** The server has taken the request these messages were written into. */
  accepted(accountId: string, ids: readonly string[]): Message[] {
    return this.#outgoing(accountId, ids, (row) => {
      if (row.state === 'sending') return this.#confirm(row, 'sent');
      // It came back as an error before the answer to its own request did: so it was taken, and has failed.
      if (row.state === 'failed') this.#accept(row);
      return undefined;
    });
  }

  /** A manager took these messages, and the server may not have come to them: they are on their way again. */
  doubted(accountId: string, ids: readonly string[]): Message[] {
    return this.#outgoing(accountId, ids, (row) => {
      if (row.state !== 'sent' || row.stanzaId !== null) return undefined;
      this.#database.run('UPDATE messages SET accepted = 0 WHERE key = ?', row.key);
      return this.#move(row, { state: 'sending' });
    });
  }

  /** The server has not handled these messages: they wait again, in their order. */
  notAccepted(accountId: string, ids: readonly string[]): Message[] {
    return this.#outgoing(accountId, ids, (row) =>
      row.state === 'sending' ? this.#wait(row) : undefined,
    );
  }

  /** Applies a change to the outgoing messages with these ids, in order; returns those that it changed. */
  #outgoing(
    accountId: string,
    ids: readonly string[],
    change: (row: MessageRow) => MessageRow | undefined,
  ): Message[] {
    const account = accountKey(this.#database, accountId);
    const changed: Message[] = [];
    for (const id of ids) {
      const row = this.#row(account, id);
      const after = row?.outgoing === 1 ? change(row) : undefined;
      if (after) changed.push(toMessage(after));
    }
    return changed;
  }

  /** The time, but always after what is being sent: clocks are set back. */
  #nextHandover(accountId: string, at: number): number {
    const row = this.#database.first<{ last: number | null }>(
      `SELECT max(handover) AS last FROM messages WHERE account = ? AND state = 'sending'`,
      accountKey(this.#database, accountId),
    );
    return Math.max(Math.round(at), (row?.last ?? 0) + 1);
  }

  #row(account: number | null, id: string): MessageRow | undefined {
    return this.#database.first(`${SELECT_MESSAGES} WHERE m.account = ? AND m.id = ?`, account, id);
  }

  /** The message of which this is another copy. */
  #known(account: number | null, chat: number, arrived: ArrivedMessage): MessageRow | undefined {
    if (arrived.stanzaId !== undefined) {
      const row = this.#database.first<MessageRow>(
        `${SELECT_MESSAGES} WHERE m.account = ? AND m.stanza_id = ?`,
        account,
        arrived.stanzaId,
      );
      if (row) return row;
    }
    if (arrived.messageId === undefined) return undefined;
    // The nearest in time, and first of all one whose archive id is not known yet.
    return this.#database
      .all<MessageRow>(
        `${SELECT_MESSAGES} WHERE m.chat = ? AND m.message_id = ? AND m.outgoing = ?
         ORDER BY m.stanza_id IS NOT NULL, abs(m.at - ?)`,
        chat,
        arrived.messageId,
        Number(arrived.outgoing),
        arrived.at,
      )
      .find((row) => isSameMessage(row, arrived, row.writtenHere === 1));
  }

  /** Adds to a known message what this copy tells; the message where a person would see the difference. */
  #complete(known: MessageRow, arrived: ArrivedMessage): Message | undefined {
    // A copy that had been seen before tells nothing about a message that was tried again since.
    if (known.stanzaId !== null && known.stanzaId === arrived.stanzaId) return undefined;
    if (known.stanzaId === null && arrived.stanzaId !== undefined) {
      this.#database.run(
        'UPDATE messages SET stanza_id = ? WHERE key = ?',
        arrived.stanzaId,
        known.key,
      );
    }
    if (!archiveConfirms(known.state, known.accepted === 1)) return undefined;
    this.#accept(known);
    return toMessage(
      this.#move(known, {
        state: 'sent',
        position: placeAtEnd(this.#database, known.chat),
        problem: null,
      }),
    );
  }

  #add(account: number | null, chat: number, arrived: ArrivedMessage, position: number): Message {
    const id = this.#idFor(account, arrived);
    const state: MessageState = arrived.outgoing ? 'sent' : 'received';
    this.#database.run(
      `INSERT INTO messages (account, chat, id, outgoing, body, at, position, state, message_id,
         stanza_id, written_here, accepted)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1)`,
      account,
      chat,
      id,
      Number(arrived.outgoing),
      arrived.body,
      arrived.at,
      position,
      state,
      arrived.messageId ?? null,
      arrived.stanzaId ?? null,
    );
    const { chat: jid, outgoing, body, at } = arrived;
    return { id, chat: jid, outgoing, body, at, position, state };
  }

  /** Receipts name an outgoing message by the id it was sent with, so it keeps that one where it can. */
  #idFor(account: number | null, { outgoing, messageId }: ArrivedMessage): string {
    const usable =
      outgoing &&
      messageId !== undefined &&
      messageId.length > 0 &&
      messageId.length <= LONGEST_ID &&
      !this.#row(account, messageId);
    return usable ? messageId : newId();
  }

  /** Who has written on another device has read what came before. */
  #readOwn(account: number | null, added: readonly Message[]): void {
    for (const message of added) {
      if (!message.outgoing) continue;
      this.#chats.readUpTo(this.#chats.openKey(account, message.chat), message.position);
    }
  }

  /** The server has it: from here on it has a place among the others. */
  #confirm(row: MessageRow, state: 'sent' | 'delivered'): MessageRow {
    this.#accept(row);
    const position =
      row.position < NOT_HANDED_OVER ? row.position : placeAtEnd(this.#database, row.chat);
    return this.#move(row, { state, position, problem: null });
  }

  #wait(row: MessageRow): MessageRow {
    return this.#move(row, { state: 'waiting', position: waitingPlace(row.key), problem: null });
  }

  #accept(row: MessageRow): void {
    this.#database.run('UPDATE messages SET accepted = 1 WHERE key = ?', row.key);
  }

  #move(
    row: MessageRow,
    change: Partial<Pick<MessageRow, 'state' | 'position' | 'problem'>>,
  ): MessageRow {
    const after = { ...row, ...change };
    this.#database.run(
      'UPDATE messages SET state = ?, position = ?, problem = ? WHERE key = ?',
      after.state,
      after.position,
      after.problem,
      row.key,
    );
    return after;
  }
}
