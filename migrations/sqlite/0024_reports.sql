-- Reports that people saved: documents, so that what is done with them stands in the change log like any other change.
CREATE TABLE reports (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  owner_id     BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.owner_id'), '-')) VIRTUAL,
  shared       BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.shared')) VIRTUAL,
  name         TEXT GENERATED ALWAYS AS (json_extract(doc, '$.name')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
