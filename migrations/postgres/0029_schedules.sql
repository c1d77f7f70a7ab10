-- Saved reports that are sent again and again: documents, so that what is done with them stands in the log.
CREATE TABLE schedules (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  owner_id     UUID GENERATED ALWAYS AS ((doc ->> 'owner_id')::uuid) STORED,
  PRIMARY KEY (workspace_id, id)
);

-- Each time a schedule was run: once for each moment, whoever looks at the clock.
CREATE TABLE schedule_runs (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  schedule_id  UUID NOT NULL,
  due_at       BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  by_hand      BIGINT NOT NULL,
  trouble      TEXT,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX schedule_runs_moment ON schedule_runs (workspace_id, schedule_id, due_at);
CREATE INDEX schedule_runs_newest ON schedule_runs (workspace_id, schedule_id, id);

-- The mails of a run, and what became of each.
CREATE TABLE schedule_mails (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  run_id       UUID NOT NULL,
  schedule_id  UUID NOT NULL,
  user_id      UUID,
  address      TEXT,
  attempts     BIGINT NOT NULL DEFAULT 0,
  sent_at      BIGINT,
  dead_at      BIGINT,
  trouble      TEXT,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX schedule_mails_run ON schedule_mails (workspace_id, run_id, id);

-- Whether reports may be sent to addresses of nobody in the workspace: since when, and not unless somebody said so.
ALTER TABLE workspaces ADD COLUMN outside_mail_at BIGINT;

ALTER TABLE schedules ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedules FORCE ROW LEVEL SECURITY;
CREATE POLICY schedules_workspace ON schedules
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

ALTER TABLE schedule_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedule_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY schedule_runs_workspace ON schedule_runs
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

ALTER TABLE schedule_mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedule_mails FORCE ROW LEVEL SECURITY;
CREATE POLICY schedule_mails_workspace ON schedule_mails
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
