/** A message as its row holds it, and the record the contract makes of it. */
import type { Message, MessageState } from '../../../shared/contract/records.ts';
import type { Problem } from '../../../shared/problem.ts';

export interface MessageRow {
  /** Grows in the order of writing. */
  readonly key: number;
  /** The key of the chat, and its JID. */
  readonly chat: number;
  readonly jid: string;
  readonly id: string;
  readonly outgoing: number;
  readonly body: string;
  readonly at: number;
  readonly position: number;
  readonly state: MessageState;
  /** JSON. */
  readonly problem: string | null;
  readonly stanzaId: string | null;
  readonly writtenHere: number;
  readonly accepted: number;
}

/** Selects {@link MessageRow}s; a condition on `m` follows. CROSS JOIN: SQLite begins with the messages. */
export const SELECT_MESSAGES = `
  SELECT m.key, m.chat, c.jid, m.id, m.outgoing, m.body, m.at, m.position, m.state, m.problem,
    m.stanza_id AS stanzaId, m.written_here AS writtenHere, m.accepted
  FROM messages m CROSS JOIN chats c ON c.key = m.chat`;

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    chat: row.jid,
    outgoing: row.outgoing === 1,
    body: row.body,
    at: row.at,
    position: row.position,
    state: row.state,
    ...(row.problem === null ? {} : { problem: JSON.parse(row.problem) as Problem }),
  };
}
