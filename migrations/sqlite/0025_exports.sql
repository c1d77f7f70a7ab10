-- Files that people took out: documents, so that what is done with them stands in the change log like any other change.
-- How far one is changes many times a second and is no change of it: `done` and `total` are the worker's alone.
CREATE TABLE exports (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  done         BIGINT NOT NULL DEFAULT 0,
  total        BIGINT NOT NULL DEFAULT 0,
  owner_id     BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.by'), '-')) VIRTUAL,
  ended_at     BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.ended_at')) VIRTUAL,
  kept_until   BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.kept_until')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
