CREATE TABLE scorecards (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  version      BIGINT NOT NULL,
  card         TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  created_by   BLOB,
  published_at BIGINT,
  retired_at   BIGINT,
  PRIMARY KEY (workspace_id, id, version)
);

-- Every evaluation that moved, with its inputs and the version that made it.
CREATE TABLE scores (
  workspace_id BLOB NOT NULL,
  account_id   BLOB NOT NULL,
  at           BIGINT NOT NULL,
  score        BIGINT,
  band         TEXT,
  coverage     BIGINT NOT NULL,
  scorecard_id BLOB NOT NULL,
  version      BIGINT NOT NULL,
  evaluation   TEXT NOT NULL,
  PRIMARY KEY (workspace_id, account_id, at)
) WITHOUT ROWID;
CREATE INDEX scores_at ON scores (workspace_id, at);

-- A person's own score in place of the computed one, until it expires or is ended.
CREATE TABLE overrides (
  workspace_id BLOB NOT NULL,
  id           BLOB NOT NULL,
  account_id   BLOB NOT NULL,
  score        BIGINT NOT NULL,
  reason       TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  created_by   BLOB NOT NULL,
  expires_at   BIGINT NOT NULL,
  ended_at     BIGINT,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX overrides_account ON overrides (workspace_id, account_id, created_at);
CREATE INDEX overrides_expiry ON overrides (expires_at) WHERE ended_at IS NULL;
