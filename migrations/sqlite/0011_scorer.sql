-- Overrides become documents, so that setting one and ending one are taken back like any other change.
ALTER TABLE overrides RENAME TO overrides_before;
CREATE TABLE overrides (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  account_id   BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.account_id'), '-')) VIRTUAL,
  created_at   BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  created_by   BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.created_by'), '-')) VIRTUAL,
  expires_at   BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.expires_at')) VIRTUAL,
  ended_at     BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.ended_at')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
INSERT INTO overrides (workspace_id, id, doc)
SELECT workspace_id, id, json_patch('{}', json_object(
  'account_id', lower(substr(hex(account_id), 1, 8) || '-' || substr(hex(account_id), 9, 4) || '-'
    || substr(hex(account_id), 13, 4) || '-' || substr(hex(account_id), 17, 4) || '-' || substr(hex(account_id), 21)),
  'created_at', created_at,
  'created_by', lower(substr(hex(created_by), 1, 8) || '-' || substr(hex(created_by), 9, 4) || '-'
    || substr(hex(created_by), 13, 4) || '-' || substr(hex(created_by), 17, 4) || '-' || substr(hex(created_by), 21)),
  'ended_at', ended_at,
  'expires_at', expires_at,
  'id', lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-'
    || substr(hex(id), 13, 4) || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21)),
  'reason', reason,
  'score', score,
  'updated_at', COALESCE(ended_at, created_at),
  'version', 1))
FROM overrides_before;
DROP TABLE overrides_before;
CREATE INDEX overrides_account ON overrides (workspace_id, account_id, created_at);
CREATE INDEX overrides_expiry ON overrides (workspace_id, expires_at) WHERE ended_at IS NULL;

-- When each field of an account got its present value, as the change log says; kept by the scorer, which reads it.
CREATE TABLE field_times (
  workspace_id BLOB NOT NULL,
  account_id   BLOB NOT NULL,
  times        TEXT NOT NULL,
  PRIMARY KEY (workspace_id, account_id)
) WITHOUT ROWID;

-- What week of the year is busy in a line of business, learned from its accounts' own usage.
CREATE TABLE seasons (
  workspace_id BLOB NOT NULL,
  category     TEXT NOT NULL,
  profile      TEXT NOT NULL,
  accounts     BIGINT NOT NULL,
  learned_at   BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, category)
) WITHOUT ROWID;

-- The health of the accounts below one, in millionths of a point; written by the scorer alone, as health is.
ALTER TABLE accounts ADD COLUMN rollup BIGINT;
ALTER TABLE workspaces ADD COLUMN rollup TEXT NOT NULL DEFAULT 'mean';

-- The scorer reads the log once more: for the times of the fields.
DELETE FROM cursors WHERE reader = 'scorer';
