CREATE TABLE users (
  workspace_id   BLOB NOT NULL REFERENCES workspaces (id),
  id             BLOB NOT NULL,
  email          TEXT NOT NULL,
  name           TEXT NOT NULL,
  role           TEXT NOT NULL,
  password_hash  TEXT NOT NULL,
  settings       TEXT NOT NULL,
  created_at     BIGINT NOT NULL,
  deactivated_at BIGINT,
  signed_in_at   BIGINT,
  seen_seq       BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX users_email ON users (email);

-- The token itself is never stored, only its SHA-256.
CREATE TABLE sessions (
  token_hash   BLOB NOT NULL PRIMARY KEY,
  workspace_id BLOB NOT NULL,
  id           BLOB NOT NULL,
  user_id      BLOB NOT NULL,
  user_agent   TEXT NOT NULL,
  ip           TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  seen_at      BIGINT NOT NULL,
  revoked_at   BIGINT,
  FOREIGN KEY (workspace_id, user_id) REFERENCES users (workspace_id, id)
);
CREATE INDEX sessions_user ON sessions (workspace_id, user_id);

-- The one-time token that makes the first administrator.
CREATE TABLE setup_tokens (
  token_hash BLOB NOT NULL PRIMARY KEY,
  created_at BIGINT NOT NULL,
  used_at    BIGINT
);
