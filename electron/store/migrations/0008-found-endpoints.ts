/** Version 8: the BOSH address that worked last for each domain, on each network. */
export const foundEndpoints = `
CREATE TABLE found_endpoints (
  -- See electron/network/network-identity.ts.
  network TEXT NOT NULL,
  domain TEXT NOT NULL,
  url TEXT NOT NULL,
  -- How it was found: 'published' or 'guess'.
  source TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (network, domain)
) STRICT, WITHOUT ROWID;
`;
