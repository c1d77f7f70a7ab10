-- Tasks of people are documents, so that what is done with them is taken back like any other change. The table `tasks`
-- is the machine's.
CREATE TABLE todos (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  account_id   UUID GENERATED ALWAYS AS ((doc ->> 'account_id')::uuid) STORED,
  assignee     UUID GENERATED ALWAYS AS ((doc ->> 'assignee')::uuid) STORED,
  priority     TEXT GENERATED ALWAYS AS (doc ->> 'priority') STORED,
  due_at       BIGINT GENERATED ALWAYS AS ((doc ->> 'due_at')::bigint) STORED,
  ring_at      BIGINT GENERATED ALWAYS AS ((doc ->> 'ring_at')::bigint) STORED,
  remind_at    BIGINT GENERATED ALWAYS AS ((doc ->> 'remind_at')::bigint) STORED,
  done_at      BIGINT GENERATED ALWAYS AS ((doc ->> 'done_at')::bigint) STORED,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX todos_account ON todos (workspace_id, account_id, done_at);
CREATE INDEX todos_open ON todos (workspace_id, due_at, id) WHERE done_at IS NULL;
CREATE INDEX todos_done ON todos (workspace_id, done_at, id) WHERE done_at IS NOT NULL;

-- The moments that the notices wait for.
CREATE INDEX todos_ring ON todos (workspace_id, ring_at) WHERE done_at IS NULL AND ring_at IS NOT NULL;
CREATE INDEX todos_remind ON todos (workspace_id, remind_at) WHERE done_at IS NULL AND remind_at IS NOT NULL;

ALTER TABLE todos ENABLE ROW LEVEL SECURITY;
ALTER TABLE todos FORCE ROW LEVEL SECURITY;
CREATE POLICY todos_workspace ON todos
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
