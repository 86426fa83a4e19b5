/** Version 3: how far the database has come in the log of calls that is written ahead of it. */
export const callLog = `
CREATE TABLE call_log (sequence INTEGER NOT NULL) STRICT;
INSERT INTO call_log (sequence) VALUES (0);
`;
