-- What people are told: one row for each person and fact, kept for ever.
CREATE TABLE notices (
  workspace_id  UUID NOT NULL REFERENCES workspaces (id),
  id            UUID NOT NULL,
  user_id       UUID NOT NULL,
  event         TEXT NOT NULL,
  what          TEXT NOT NULL,
  words         TEXT NOT NULL,
  critical      BIGINT NOT NULL,
  at            BIGINT NOT NULL,
  account_id    UUID,
  actor_id      UUID,
  fingerprint   TEXT NOT NULL,
  hidden_at     BIGINT,
  read_at       BIGINT,
  snoozed_until BIGINT,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX notices_fingerprint ON notices (workspace_id, user_id, fingerprint);
CREATE INDEX notices_person ON notices (workspace_id, user_id, id);
CREATE INDEX notices_unread ON notices (workspace_id, user_id, id) WHERE read_at IS NULL AND hidden_at IS NULL;
CREATE INDEX notices_snoozed ON notices (workspace_id, snoozed_until) WHERE snoozed_until IS NOT NULL;

-- What a person wants to be told, where they have said so.
CREATE TABLE notice_preferences (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  user_id      UUID NOT NULL,
  doc          TEXT NOT NULL,
  updated_at   BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
);

-- Browsers that take push messages.
CREATE TABLE devices (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  user_id      UUID NOT NULL,
  endpoint     TEXT NOT NULL,
  p256dh       TEXT NOT NULL,
  auth         TEXT NOT NULL,
  user_agent   TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  reached_at   BIGINT,
  gone_at      BIGINT,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX devices_endpoint ON devices (workspace_id, endpoint);
CREATE INDEX devices_person ON devices (workspace_id, user_id) WHERE gone_at IS NULL;

-- Messages on their way to people, and what became of them.
CREATE TABLE deliveries (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  user_id      UUID NOT NULL,
  channel      TEXT NOT NULL,
  kind         TEXT NOT NULL,
  device_id    UUID,
  fingerprint  TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  due_at       BIGINT NOT NULL,
  attempts     BIGINT NOT NULL DEFAULT 0,
  sent_at      BIGINT,
  skipped_at   BIGINT,
  dead_at      BIGINT,
  last_error   TEXT,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX deliveries_fingerprint ON deliveries (workspace_id, user_id, channel, fingerprint);
CREATE INDEX deliveries_recent ON deliveries (workspace_id, user_id, channel, due_at);

-- What a message tells of.
CREATE TABLE delivery_notices (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  delivery_id  UUID NOT NULL,
  notice_id    UUID NOT NULL,
  PRIMARY KEY (workspace_id, delivery_id, notice_id)
);

-- Keys that the server draws for itself and shows to nobody.
CREATE TABLE secrets (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  name         TEXT NOT NULL,
  value        TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name)
);

ALTER TABLE notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices FORCE ROW LEVEL SECURITY;
CREATE POLICY notices_workspace ON notices
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE notice_preferences ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_preferences FORCE ROW LEVEL SECURITY;
CREATE POLICY notice_preferences_workspace ON notice_preferences
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE devices ENABLE ROW LEVEL SECURITY;
ALTER TABLE devices FORCE ROW LEVEL SECURITY;
CREATE POLICY devices_workspace ON devices
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY deliveries_workspace ON deliveries
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE delivery_notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery_notices FORCE ROW LEVEL SECURITY;
CREATE POLICY delivery_notices_workspace ON delivery_notices
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
ALTER TABLE secrets FORCE ROW LEVEL SECURITY;
CREATE POLICY secrets_workspace ON secrets
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
