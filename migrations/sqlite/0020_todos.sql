-- Tasks of people are documents, so that what is done with them is taken back like any other change. The table `tasks`
-- is the machine's.
CREATE TABLE todos (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  account_id   BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.account_id'), '-')) VIRTUAL,
  assignee     BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.assignee'), '-')) VIRTUAL,
  priority     TEXT GENERATED ALWAYS AS (json_extract(doc, '$.priority')) VIRTUAL,
  due_at       BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.due_at')) VIRTUAL,
  ring_at      BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.ring_at')) VIRTUAL,
  remind_at    BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.remind_at')) VIRTUAL,
  done_at      BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.done_at')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX todos_account ON todos (workspace_id, account_id, done_at);
CREATE INDEX todos_open ON todos (workspace_id, due_at, id) WHERE done_at IS NULL;
CREATE INDEX todos_done ON todos (workspace_id, done_at, id) WHERE done_at IS NOT NULL;

-- The moments that the notices wait for.
CREATE INDEX todos_ring ON todos (workspace_id, ring_at) WHERE done_at IS NULL AND ring_at IS NOT NULL;
CREATE INDEX todos_remind ON todos (workspace_id, remind_at) WHERE done_at IS NULL AND remind_at IS NOT NULL;
