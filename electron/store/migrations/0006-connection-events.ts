/** Version 6: what happened to each account's connection in the last day. */
export const connectionEvents = `
CREATE TABLE connection_events (
  key INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES accounts (key) ON DELETE CASCADE,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- When it ended, or was seen last.
  last_at REAL NOT NULL,
  -- JSON, see shared/connection-history.ts.
  event TEXT NOT NULL,
  UNIQUE (account, id)
) STRICT;
CREATE INDEX connection_events_by_kind ON connection_events (account, kind, key);
`;
