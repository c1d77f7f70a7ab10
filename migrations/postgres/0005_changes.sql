-- The change log. Append-only; hash is SHA-256 over the previous hash and this row.
CREATE TABLE changes (
  workspace_id UUID NOT NULL,
  seq          BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  actor_id     UUID,
  change       TEXT NOT NULL,
  subject      TEXT NOT NULL,
  subject_id   UUID NOT NULL,
  account_id   UUID,
  batch_id     UUID,
  -- {"before": {…}, "after": {…}} as text: the hash covers these very bytes.
  data         TEXT NOT NULL,
  hash         BYTEA NOT NULL,
  PRIMARY KEY (workspace_id, seq)
);
CREATE INDEX changes_account ON changes (workspace_id, account_id, seq) WHERE account_id IS NOT NULL;
CREATE INDEX changes_batch ON changes (workspace_id, batch_id, seq) WHERE batch_id IS NOT NULL;

-- One group of changes that can be undone together: an import, a bulk edit, one edit.
CREATE TABLE batches (
  workspace_id UUID NOT NULL,
  id           UUID NOT NULL,
  kind         TEXT NOT NULL,
  label        TEXT NOT NULL,
  counts       JSONB NOT NULL,
  created_at   BIGINT NOT NULL,
  created_by   UUID,
  undone_at    BIGINT,
  undone_by    UUID,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX batches_created ON batches (workspace_id, created_at);

-- How far each reader of the change log has come.
CREATE TABLE cursors (
  workspace_id UUID NOT NULL,
  reader       TEXT NOT NULL,
  seq          BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, reader)
);
