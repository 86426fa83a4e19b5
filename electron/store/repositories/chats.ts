/** The chats of an account: drafts, what is read, and how far back the archive has been loaded. */
import type { Synchronous } from '../calls.ts';
import type { Database } from '../database.ts';
import type { ChatsRepository, StoredChat } from '../store.ts';
import { type MessageRow, SELECT_MESSAGES, toMessage } from './message-row.ts';
import { newestPlace } from './places.ts';
import { accountKey } from './rows.ts';

interface ChatRow {
  readonly key: number;
  readonly jid: string;
  readonly draft: string;
  readonly unread: number;
  readonly openedAt: number;
}

const SELECT_CHATS = `
  SELECT c.key, c.jid, c.draft, c.opened_at AS openedAt,
    (SELECT count(*) FROM messages m
      WHERE m.chat = c.key AND m.position > c.read_position AND m.outgoing = 0) AS unread
  FROM chats c`;

export class SqliteChats implements Synchronous<ChatsRepository> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(accountId: string): StoredChat[] {
    return this.#database
      .all<ChatRow>(
        `${SELECT_CHATS} WHERE c.account = ? ORDER BY c.key DESC`,
        accountKey(this.#database, accountId),
      )
      .map((row) => ({ chat: this.#toChat(row), openedAt: row.openedAt }))
      .sort((one, other) => recency(other) - recency(one))
      .map(({ chat }) => chat);
  }

  get(accountId: string, jid: string): StoredChat | undefined {
    const row = this.#database.first<ChatRow>(
      `${SELECT_CHATS} WHERE c.account = ? AND c.jid = ?`,
      accountKey(this.#database, accountId),
      jid,
    );
    return row && this.#toChat(row);
  }

  open(accountId: string, jid: string): StoredChat {
    return this.#read(this.openKey(accountKey(this.#database, accountId), jid));
  }

  saveDraft(accountId: string, jid: string, draft: string): void {
    this.#database.run(
      'UPDATE chats SET draft = ? WHERE key = ?',
      draft,
      this.openKey(accountKey(this.#database, accountId), jid),
    );
  }

  markRead(accountId: string, jid: string): StoredChat {
    const key = this.openKey(accountKey(this.#database, accountId), jid);
    this.readUpTo(key, newestPlace(this.#database, key));
    return this.#read(key);
  }

  setArchiveExhausted(accountId: string, jid: string): void {
    this.#database.run(
      'UPDATE chats SET archive_exhausted = 1 WHERE key = ?',
      this.openKey(accountKey(this.#database, accountId), jid),
    );
  }

  isArchiveExhausted(accountId: string, jid: string): boolean {
    const row = this.#database.first<{ exhausted: number }>(
      'SELECT archive_exhausted AS exhausted FROM chats WHERE account = ? AND jid = ?',
      accountKey(this.#database, accountId),
      jid,
    );
    return row?.exhausted === 1;
  }

  /** The key of a chat, which is created where it is missing. Throws where the account is gone. */
  openKey(account: number | null, jid: string): number {
    const row = this.#database.first<{ key: number }>(
      'SELECT key FROM chats WHERE account = ? AND jid = ?',
      account,
      jid,
    );
    if (row) return row.key;
    return this.#database.run(
      'INSERT INTO chats (account, jid, opened_at) VALUES (?, ?, ?)',
      account,
      jid,
      Date.now(),
    ).lastKey;
  }

  /** Nothing up to this position is unread any more. */
  readUpTo(key: number, position: number): void {
    this.#database.run(
      'UPDATE chats SET read_position = ? WHERE key = ? AND read_position < ?',
      position,
      key,
      position,
    );
  }

  #read(key: number): StoredChat {
    const row = this.#database.first<ChatRow>(`${SELECT_CHATS} WHERE c.key = ?`, key);
    if (!row) throw new Error('The chat has gone.');
    return this.#toChat(row);
  }

  #toChat(row: ChatRow): StoredChat {
    const last = this.#database.first<MessageRow>(
      `${SELECT_MESSAGES} WHERE m.chat = ? ORDER BY m.position DESC LIMIT 1`,
      row.key,
    );
    return {
      jid: row.jid,
      unread: row.unread,
      draft: row.draft,
      ...(last && { lastMessage: toMessage(last) }),
    };
  }
}

/** Epoch ms of what happened last in a chat. */
function recency({ chat, openedAt }: { chat: StoredChat; openedAt: number }): number {
  return chat.lastMessage?.at ?? openedAt;
}
