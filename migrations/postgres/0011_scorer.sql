-- Overrides become documents, so that setting one and ending one are taken back like any other change.
-- The owner must see the rows of all workspaces while they are copied.
ALTER TABLE overrides NO FORCE ROW LEVEL SECURITY;
ALTER TABLE overrides RENAME TO overrides_before;
ALTER INDEX overrides_pkey RENAME TO overrides_before_pkey;
ALTER INDEX overrides_account RENAME TO overrides_before_account;
ALTER INDEX overrides_expiry RENAME TO overrides_before_expiry;
CREATE TABLE overrides (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  account_id   UUID GENERATED ALWAYS AS ((doc ->> 'account_id')::uuid) STORED,
  created_at   BIGINT GENERATED ALWAYS AS ((doc ->> 'created_at')::bigint) STORED,
  created_by   UUID GENERATED ALWAYS AS ((doc ->> 'created_by')::uuid) STORED,
  expires_at   BIGINT GENERATED ALWAYS AS ((doc ->> 'expires_at')::bigint) STORED,
  ended_at     BIGINT GENERATED ALWAYS AS ((doc ->> 'ended_at')::bigint) STORED,
  PRIMARY KEY (workspace_id, id)
);
INSERT INTO overrides (workspace_id, id, doc)
SELECT workspace_id, id, jsonb_strip_nulls(jsonb_build_object('account_id', account_id, 'created_at', created_at,
  'created_by', created_by, 'ended_at', ended_at, 'expires_at', expires_at, 'id', id, 'reason', reason, 'score', score,
  'updated_at', COALESCE(ended_at, created_at), 'version', 1))
FROM overrides_before;
DROP TABLE overrides_before;
CREATE INDEX overrides_account ON overrides (workspace_id, account_id, created_at);
CREATE INDEX overrides_expiry ON overrides (workspace_id, expires_at) WHERE ended_at IS NULL;
ALTER TABLE overrides ENABLE ROW LEVEL SECURITY;
ALTER TABLE overrides FORCE ROW LEVEL SECURITY;
CREATE POLICY overrides_workspace ON overrides
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

-- When each field of an account got its present value, as the change log says; kept by the scorer, which reads it.
CREATE TABLE field_times (
  workspace_id UUID NOT NULL,
  account_id   UUID NOT NULL,
  times        JSONB NOT NULL,
  PRIMARY KEY (workspace_id, account_id)
);
ALTER TABLE field_times ENABLE ROW LEVEL SECURITY;
ALTER TABLE field_times FORCE ROW LEVEL SECURITY;
CREATE POLICY field_times_workspace ON field_times
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

-- What week of the year is busy in a line of business, learned from its accounts' own usage.
CREATE TABLE seasons (
  workspace_id UUID NOT NULL,
  category     TEXT NOT NULL,
  profile      JSONB NOT NULL,
  accounts     BIGINT NOT NULL,
  learned_at   BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, category)
);
ALTER TABLE seasons ENABLE ROW LEVEL SECURITY;
ALTER TABLE seasons FORCE ROW LEVEL SECURITY;
CREATE POLICY seasons_workspace ON seasons
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

-- The health of the accounts below one, in millionths of a point; written by the scorer alone, as health is.
ALTER TABLE accounts ADD COLUMN rollup BIGINT;
ALTER TABLE workspaces ADD COLUMN rollup TEXT NOT NULL DEFAULT 'mean';

-- The scorer reads the log once more: for the times of the fields.
ALTER TABLE cursors NO FORCE ROW LEVEL SECURITY;
DELETE FROM cursors WHERE reader = 'scorer';
ALTER TABLE cursors FORCE ROW LEVEL SECURITY;
