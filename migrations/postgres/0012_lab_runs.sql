-- Runs of the laboratory: what was asked, how far it is, and what it found.
CREATE TABLE lab_runs (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  asked        TEXT NOT NULL,
  started_at   BIGINT NOT NULL,
  started_by   UUID,
  done         BIGINT NOT NULL DEFAULT 0,
  total        BIGINT NOT NULL DEFAULT 0,
  stopped_at   BIGINT,
  ended_at     BIGINT,
  refused      TEXT,
  found        TEXT,
  PRIMARY KEY (workspace_id, id)
);
ALTER TABLE lab_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE lab_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY lab_runs_workspace ON lab_runs
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
