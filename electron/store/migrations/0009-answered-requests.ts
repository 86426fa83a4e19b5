/**
 * Version 9: the requests of a stream that is managed outlive their answers until the server acknowledges them,
 * since what a connection manager took a server may not have handled (XEP-0198 §4).
 */
export const answeredRequests = `
ALTER TABLE requests ADD COLUMN answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1));
-- The count of the stream's stanzas with those in it; null where there are none, or nobody counts.
ALTER TABLE requests ADD COLUMN through INTEGER;

-- Those of a lost session that were not acknowledged, a JSON array in their order. A stream of before was not
-- counted like that.
DELETE FROM resumptions;
ALTER TABLE resumptions RENAME COLUMN unanswered TO last_requests;
`;
