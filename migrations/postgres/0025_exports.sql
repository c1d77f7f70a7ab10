-- Files that people took out: documents, so that what is done with them stands in the change log like any other change.
-- How far one is changes many times a second and is no change of it: `done` and `total` are the worker's alone.
CREATE TABLE exports (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  done         BIGINT NOT NULL DEFAULT 0,
  total        BIGINT NOT NULL DEFAULT 0,
  owner_id     UUID GENERATED ALWAYS AS ((doc ->> 'by')::uuid) STORED,
  ended_at     BIGINT GENERATED ALWAYS AS ((doc ->> 'ended_at')::bigint) STORED,
  kept_until   BIGINT GENERATED ALWAYS AS ((doc ->> 'kept_until')::bigint) STORED,
  PRIMARY KEY (workspace_id, id)
);

ALTER TABLE exports ENABLE ROW LEVEL SECURITY;
ALTER TABLE exports FORCE ROW LEVEL SECURITY;
CREATE POLICY exports_workspace ON exports
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
