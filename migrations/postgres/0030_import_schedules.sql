-- Files that are imported again and again: documents, so that what is done with them stands in the log.
CREATE TABLE import_schedules (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- Each time a file was to be imported: once for each moment, whoever looks at the clock. Only what was read to its end
-- has a fingerprint, so that the same file is not imported twice.
CREATE TABLE import_runs (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  schedule_id  UUID NOT NULL,
  due_at       BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  by_hand      BIGINT NOT NULL,
  attempts     BIGINT NOT NULL DEFAULT 0,
  file         TEXT,
  fingerprint  TEXT,
  outcome      TEXT,
  batch_id     UUID,
  ended_at     BIGINT,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX import_runs_moment ON import_runs (workspace_id, schedule_id, due_at);
CREATE INDEX import_runs_newest ON import_runs (workspace_id, schedule_id, id);

ALTER TABLE import_schedules ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_schedules FORCE ROW LEVEL SECURITY;
CREATE POLICY import_schedules_workspace ON import_schedules
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

ALTER TABLE import_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY import_runs_workspace ON import_runs
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
