-- Links by which people without a sign-in see one report: documents, so that making and ending them stands in the log.
CREATE TABLE shares (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  owner_id     UUID GENERATED ALWAYS AS ((doc ->> 'owner_id')::uuid) STORED,
  PRIMARY KEY (workspace_id, id)
);

-- What opens a link: looked up before a workspace is known, as sessions are. No token and no password is here.
CREATE TABLE share_tokens (
  token_hash    BYTEA NOT NULL PRIMARY KEY,
  workspace_id  UUID NOT NULL REFERENCES workspaces (id),
  share_id      UUID NOT NULL,
  password_hash TEXT
);
CREATE INDEX share_tokens_share ON share_tokens (workspace_id, share_id);

-- What a link shows that keeps the numbers of the day it was made.
CREATE TABLE share_snapshots (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  share_id     UUID NOT NULL,
  body         TEXT NOT NULL,
  PRIMARY KEY (workspace_id, share_id)
);

-- Who looked. Strangers write these rows, so they stand here and not in the change log, and only the newest are kept.
CREATE TABLE share_accesses (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  share_id     UUID NOT NULL,
  at           BIGINT NOT NULL,
  network      TEXT NOT NULL,
  program      TEXT NOT NULL,
  outcome      TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX share_accesses_share ON share_accesses (workspace_id, share_id, id);

ALTER TABLE shares ENABLE ROW LEVEL SECURITY;
ALTER TABLE shares FORCE ROW LEVEL SECURITY;
CREATE POLICY shares_workspace ON shares
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

ALTER TABLE share_snapshots ENABLE ROW LEVEL SECURITY;
ALTER TABLE share_snapshots FORCE ROW LEVEL SECURITY;
CREATE POLICY share_snapshots_workspace ON share_snapshots
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

ALTER TABLE share_accesses ENABLE ROW LEVEL SECURITY;
ALTER TABLE share_accesses FORCE ROW LEVEL SECURITY;
CREATE POLICY share_accesses_workspace ON share_accesses
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
