/** Version 4: what each network does to the sessions with an endpoint. No account's: all of them share a network. */
export const pathLimits = `
CREATE TABLE path_limits (
  -- See electron/network/network-identity.ts.
  network TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  -- JSON, see shared/path-limits.ts.
  limits TEXT NOT NULL,
  at REAL NOT NULL,
  -- How often they were learned, each time after they had been forgotten.
  times INTEGER NOT NULL,
  PRIMARY KEY (network, endpoint)
) STRICT, WITHOUT ROWID;
`;
