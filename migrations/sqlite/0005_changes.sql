-- The change log. Append-only; hash is SHA-256 over the previous hash and this row.
CREATE TABLE changes (
  workspace_id BLOB NOT NULL,
  seq          BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  actor_id     BLOB,
  change       TEXT NOT NULL,
  subject      TEXT NOT NULL,
  subject_id   BLOB NOT NULL,
  account_id   BLOB,
  batch_id     BLOB,
  -- {"before": {…}, "after": {…}} as text: the hash covers these very bytes.
  data         TEXT NOT NULL,
  hash         BLOB NOT NULL,
  PRIMARY KEY (workspace_id, seq)
) WITHOUT ROWID;
CREATE INDEX changes_account ON changes (workspace_id, account_id, seq) WHERE account_id IS NOT NULL;
CREATE INDEX changes_batch ON changes (workspace_id, batch_id, seq) WHERE batch_id IS NOT NULL;

-- One group of changes that can be undone together: an import, a bulk edit, one edit.
CREATE TABLE batches (
  workspace_id BLOB NOT NULL,
  id           BLOB NOT NULL,
  kind         TEXT NOT NULL,
  label        TEXT NOT NULL,
  counts       TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  created_by   BLOB,
  undone_at    BIGINT,
  undone_by    BLOB,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX batches_created ON batches (workspace_id, created_at);

-- How far each reader of the change log has come.
CREATE TABLE cursors (
  workspace_id BLOB NOT NULL,
  reader       TEXT NOT NULL,
  seq          BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, reader)
);
