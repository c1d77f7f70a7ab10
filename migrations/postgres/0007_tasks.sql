-- Work for later or for the outside world, enqueued in the transaction that wants it.
CREATE TABLE tasks (
  workspace_id  UUID NOT NULL REFERENCES workspaces (id),
  id            UUID NOT NULL,
  kind          TEXT NOT NULL,
  payload       JSONB NOT NULL,
  unique_key    TEXT,
  created_at    BIGINT NOT NULL,
  run_at        BIGINT NOT NULL,
  attempts      BIGINT NOT NULL DEFAULT 0,
  attempts_max  BIGINT NOT NULL,
  leased_until  BIGINT,
  last_error    TEXT,
  done_at       BIGINT,
  dead_at       BIGINT,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX tasks_unique_key ON tasks (workspace_id, kind, unique_key)
  WHERE unique_key IS NOT NULL AND done_at IS NULL AND dead_at IS NULL;
CREATE INDEX tasks_due ON tasks (run_at) WHERE done_at IS NULL AND dead_at IS NULL;

-- Column mappings of the import, kept for the next file.
CREATE TABLE presets (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  subject      TEXT NOT NULL,
  name         TEXT NOT NULL,
  options      JSONB NOT NULL,
  created_at   BIGINT NOT NULL,
  created_by   UUID,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX presets_name ON presets (workspace_id, subject, name);
