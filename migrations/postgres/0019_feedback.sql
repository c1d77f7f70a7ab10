-- What people said of recommendations: one document for each person, account and action, so that it is taken back like
-- any other change.
CREATE TABLE feedback (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  account_id   UUID GENERATED ALWAYS AS ((doc ->> 'account_id')::uuid) STORED,
  action       TEXT GENERATED ALWAYS AS (doc ->> 'action') STORED,
  segment      TEXT GENERATED ALWAYS AS (doc ->> 'segment') STORED,
  verdict      TEXT GENERATED ALWAYS AS (doc ->> 'verdict') STORED,
  given_by     UUID GENERATED ALWAYS AS ((doc ->> 'given_by')::uuid) STORED,
  given_at     BIGINT GENERATED ALWAYS AS ((doc ->> 'given_at')::bigint) STORED,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX feedback_person ON feedback (workspace_id, account_id, action, given_by);
-- All that counting opinions reads.
CREATE INDEX feedback_recent ON feedback (workspace_id, given_at, action, verdict, segment, account_id);

ALTER TABLE feedback ENABLE ROW LEVEL SECURITY;
ALTER TABLE feedback FORCE ROW LEVEL SECURITY;
CREATE POLICY feedback_workspace ON feedback
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
