/** Version 5: how an account's traffic leaves this computer, and what proxies want to hear. */
export const proxies = `
-- JSON of the person's choice; null: the system's settings.
ALTER TABLE accounts ADD COLUMN proxy TEXT;

CREATE TABLE proxy_keys (
  -- The proxy's scheme, host and port: http://proxy.example:3128
  proxy TEXT PRIMARY KEY,
  -- JSON of name and password, sealed.
  sealed TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
