-- What people said of recommendations: one document for each person, account and action, so that it is taken back like
-- any other change.
CREATE TABLE feedback (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  account_id   BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.account_id'), '-')) VIRTUAL,
  action       TEXT GENERATED ALWAYS AS (json_extract(doc, '$.action')) VIRTUAL,
  segment      TEXT GENERATED ALWAYS AS (json_extract(doc, '$.segment')) VIRTUAL,
  verdict      TEXT GENERATED ALWAYS AS (json_extract(doc, '$.verdict')) VIRTUAL,
  given_by     BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.given_by'), '-')) VIRTUAL,
  given_at     BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.given_at')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX feedback_person ON feedback (workspace_id, account_id, action, given_by);
-- All that counting opinions reads.
CREATE INDEX feedback_recent ON feedback (workspace_id, given_at, action, verdict, segment, account_id);
