-- A workspace is a tenant: every other row belongs to one.
CREATE TABLE workspaces (
  id         BLOB NOT NULL PRIMARY KEY,
  name       TEXT NOT NULL,
  currency   TEXT NOT NULL DEFAULT 'USD',
  created_at BIGINT NOT NULL,
  -- The end of the change log: the last sequence number and the last link of its hash chain.
  log_seq    BIGINT NOT NULL DEFAULT 0,
  log_hash   BLOB NOT NULL
);
