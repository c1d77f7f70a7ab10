-- Reports that people saved: documents, so that what is done with them stands in the change log like any other change.
CREATE TABLE reports (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  owner_id     UUID GENERATED ALWAYS AS ((doc ->> 'owner_id')::uuid) STORED,
  shared       BIGINT GENERATED ALWAYS AS (((doc ->> 'shared')::boolean)::int) STORED,
  name         TEXT GENERATED ALWAYS AS (doc ->> 'name') STORED,
  PRIMARY KEY (workspace_id, id)
);

ALTER TABLE reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports FORCE ROW LEVEL SECURITY;
CREATE POLICY reports_workspace ON reports
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
