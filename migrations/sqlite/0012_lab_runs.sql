-- Runs of the laboratory: what was asked, how far it is, and what it found.
CREATE TABLE lab_runs (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  asked        TEXT NOT NULL,
  started_at   BIGINT NOT NULL,
  started_by   BLOB,
  done         BIGINT NOT NULL DEFAULT 0,
  total        BIGINT NOT NULL DEFAULT 0,
  stopped_at   BIGINT,
  ended_at     BIGINT,
  refused      TEXT,
  found        TEXT,
  PRIMARY KEY (workspace_id, id)
);
