/**
 * Version 2: what a new session can be spared. The stream that a lost session leaves behind (XEP-0198), the
 * token to sign in with (XEP-0484), and what was learned about each endpoint by trying.
 */
export const resumption = `
ALTER TABLE accounts ADD COLUMN token TEXT;

CREATE TABLE resumptions (
  account INTEGER PRIMARY KEY REFERENCES accounts (key) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  id TEXT NOT NULL,
  jid TEXT NOT NULL,
  max_ms REAL NOT NULL,
  -- Stanzas from the server in payloads that were processed, of the sessions from this key on.
  received INTEGER NOT NULL DEFAULT 0,
  first_session INTEGER NOT NULL,
  -- Stanzas of ours in requests, answered or not.
  sent INTEGER NOT NULL,
  -- The requests that had no answer when the session was lost, a JSON array in their order.
  unanswered TEXT NOT NULL DEFAULT '[]',
  last_answer_at REAL NOT NULL
) STRICT;

CREATE TABLE verdicts (
  account INTEGER NOT NULL REFERENCES accounts (key) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  feature TEXT NOT NULL,
  works INTEGER NOT NULL CHECK (works IN (0, 1)),
  at REAL NOT NULL,
  reason TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (account, endpoint, feature)
) STRICT, WITHOUT ROWID;
`;
