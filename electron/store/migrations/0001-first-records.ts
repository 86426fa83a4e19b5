/**
 * Version 1: accounts, contacts, chats, messages, avatars, and the BOSH session of each account with its
 * unanswered requests and unprocessed payloads. Everything hangs from an account and goes with it.
 */
export const firstRecords = `
CREATE TABLE accounts (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  jid TEXT NOT NULL,
  endpoint TEXT,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  password TEXT NOT NULL,
  resource TEXT NOT NULL,
  name TEXT,
  avatar TEXT,
  archive_cursor TEXT,
  catch_up_unfinished INTEGER CHECK (catch_up_unfinished IN (0, 1)),
  roster_version TEXT
) STRICT;

CREATE TABLE contacts (
  account INTEGER NOT NULL REFERENCES accounts (key) ON DELETE CASCADE,
  jid TEXT NOT NULL,
  name TEXT,
  subscription TEXT NOT NULL CHECK (subscription IN ('none', 'to', 'from', 'both')),
  asked INTEGER NOT NULL CHECK (asked IN (0, 1)),
  request INTEGER NOT NULL CHECK (request IN (0, 1)),
  in_roster INTEGER NOT NULL CHECK (in_roster IN (0, 1)),
  groups TEXT NOT NULL,
  avatar TEXT,
  PRIMARY KEY (account, jid)
) STRICT, WITHOUT ROWID;

CREATE TABLE chats (
  key INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES accounts (key) ON DELETE CASCADE,
  jid TEXT NOT NULL,
  draft TEXT NOT NULL DEFAULT '',
  read_position INTEGER NOT NULL DEFAULT 0,
  archive_exhausted INTEGER NOT NULL DEFAULT 0 CHECK (archive_exhausted IN (0, 1)),
  opened_at REAL NOT NULL,
  UNIQUE (account, jid)
) STRICT;

-- The key grows in the order of writing, so AUTOINCREMENT: a discarded message's key is not used again.
CREATE TABLE messages (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES accounts (key) ON DELETE CASCADE,
  chat INTEGER NOT NULL REFERENCES chats (key) ON DELETE CASCADE,
  id TEXT NOT NULL,
  outgoing INTEGER NOT NULL CHECK (outgoing IN (0, 1)),
  body TEXT NOT NULL,
  at REAL NOT NULL,
  position INTEGER NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('waiting', 'sending', 'sent', 'delivered', 'failed', 'received')),
  problem TEXT,
  message_id TEXT,
  stanza_id TEXT,
  -- Written in this Holdfast, under an id of its own making.
  written_here INTEGER NOT NULL CHECK (written_here IN (0, 1)),
  -- The server is known to have taken the last hand-over.
  accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
  -- Orders what is being sent across chats, with the archive cursor as it was at that moment.
  handover INTEGER,
  handover_cursor TEXT,
  UNIQUE (account, id),
  UNIQUE (chat, position)
) STRICT;

CREATE UNIQUE INDEX messages_by_stanza_id ON messages (account, stanza_id)
  WHERE stanza_id IS NOT NULL;
CREATE INDEX messages_by_message_id ON messages (chat, message_id)
  WHERE message_id IS NOT NULL;
CREATE INDEX messages_waiting ON messages (account) WHERE state = 'waiting';
CREATE INDEX messages_sending ON messages (account, handover) WHERE state = 'sending';

-- AUTOINCREMENT: payloads outlive their session and are ordered by its key.
CREATE TABLE sessions (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL UNIQUE REFERENCES accounts (key) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  sid TEXT NOT NULL,
  jid TEXT NOT NULL,
  granted TEXT NOT NULL,
  next_rid INTEGER NOT NULL,
  last_answer_at REAL NOT NULL
) STRICT;

CREATE TABLE requests (
  session INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
  rid INTEGER NOT NULL,
  body TEXT NOT NULL,
  message_ids TEXT NOT NULL,
  PRIMARY KEY (session, rid)
) STRICT, WITHOUT ROWID;

CREATE TABLE payloads (
  key INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES accounts (key) ON DELETE CASCADE,
  session INTEGER NOT NULL,
  rid INTEGER NOT NULL,
  payload TEXT NOT NULL,
  at REAL NOT NULL,
  UNIQUE (account, session, rid)
) STRICT;

CREATE TABLE avatars (
  key INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES accounts (key) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (account, hash)
) STRICT;
`;
