-- Links by which people without a sign-in see one report: documents, so that making and ending them stands in the log.
CREATE TABLE shares (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  owner_id     BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.owner_id'), '-')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);

-- What opens a link: looked up before a workspace is known, as sessions are. No token and no password is here.
CREATE TABLE share_tokens (
  token_hash    BLOB NOT NULL PRIMARY KEY,
  workspace_id  BLOB NOT NULL REFERENCES workspaces (id),
  share_id      BLOB NOT NULL,
  password_hash TEXT
);
CREATE INDEX share_tokens_share ON share_tokens (workspace_id, share_id);

-- What a link shows that keeps the numbers of the day it was made.
CREATE TABLE share_snapshots (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  share_id     BLOB NOT NULL,
  body         TEXT NOT NULL,
  PRIMARY KEY (workspace_id, share_id)
);

-- Who looked. Strangers write these rows, so they stand here and not in the change log, and only the newest are kept.
CREATE TABLE share_accesses (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  share_id     BLOB NOT NULL,
  at           BIGINT NOT NULL,
  network      TEXT NOT NULL,
  program      TEXT NOT NULL,
  outcome      TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX share_accesses_share ON share_accesses (workspace_id, share_id, id);
