-- Files that are imported again and again: documents, so that what is done with them stands in the log.
CREATE TABLE import_schedules (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- Each time a file was to be imported: once for each moment, whoever looks at the clock. Only what was read to its end
-- has a fingerprint, so that the same file is not imported twice.
CREATE TABLE import_runs (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  schedule_id  BLOB NOT NULL,
  due_at       BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  by_hand      BIGINT NOT NULL,
  attempts     BIGINT NOT NULL DEFAULT 0,
  file         TEXT,
  fingerprint  TEXT,
  outcome      TEXT,
  batch_id     BLOB,
  ended_at     BIGINT,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX import_runs_moment ON import_runs (workspace_id, schedule_id, due_at);
CREATE INDEX import_runs_newest ON import_runs (workspace_id, schedule_id, id);
