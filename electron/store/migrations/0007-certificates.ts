/** Version 7: whom people trust beside the usual: authorities for all accounts, single certificates for one. */
export const certificates = `
CREATE TABLE authorities (
  -- SHA-256 of the certificate.
  fingerprint TEXT PRIMARY KEY,
  pem TEXT NOT NULL,
  added_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- JSON, a list.
ALTER TABLE accounts ADD COLUMN exceptions TEXT;
`;
