-- Saved reports that are sent again and again: documents, so that what is done with them stands in the log.
CREATE TABLE schedules (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  owner_id     BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.owner_id'), '-')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);

-- Each time a schedule was run: once for each moment, whoever looks at the clock.
CREATE TABLE schedule_runs (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  schedule_id  BLOB NOT NULL,
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
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  run_id       BLOB NOT NULL,
  schedule_id  BLOB NOT NULL,
  user_id      BLOB,
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
