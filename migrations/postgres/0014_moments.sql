-- The score that held at a moment, of every account at once: an index that holds it saves reading the evaluations.
-- It takes the place of one that no statement used.
DROP INDEX scores_at;
CREATE INDEX scores_moment ON scores (workspace_id, account_id, at, score, band);

-- What happened to the accounts themselves since a moment, among many more lines about their scores.
CREATE INDEX changes_accounts ON changes (workspace_id, at) WHERE subject = 'accounts' AND change <> 'scored';
