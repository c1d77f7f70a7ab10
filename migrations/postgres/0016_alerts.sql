-- Alerts and the rules that raise them are documents, so that what people do with them is taken back like any other
-- change.
CREATE TABLE alerts (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  account_id   UUID GENERATED ALWAYS AS ((doc ->> 'account_id')::uuid) STORED,
  rule_id      UUID GENERATED ALWAYS AS ((doc ->> 'rule_id')::uuid) STORED,
  rule_name    TEXT GENERATED ALWAYS AS (doc ->> 'rule_name') STORED,
  cause        TEXT GENERATED ALWAYS AS (doc -> 'reason' ->> 'cause') STORED,
  kind         TEXT GENERATED ALWAYS AS (doc ->> 'kind') STORED,
  priority     TEXT GENERATED ALWAYS AS (doc ->> 'priority') STORED,
  worth        DOUBLE PRECISION GENERATED ALWAYS AS ((doc -> 'worth' ->> 'value')::double precision) STORED,
  assignee     UUID GENERATED ALWAYS AS ((doc ->> 'assignee')::uuid) STORED,
  group_id     UUID GENERATED ALWAYS AS ((doc ->> 'group')::uuid) STORED,
  snoozed_at   BIGINT GENERATED ALWAYS AS ((doc ->> 'snoozed_at')::bigint) STORED,
  created_at   BIGINT GENERATED ALWAYS AS ((doc ->> 'created_at')::bigint) STORED,
  closed_at    BIGINT GENERATED ALWAYS AS (COALESCE((doc ->> 'dismissed_at')::bigint, (doc ->> 'resolved_at')::bigint)) STORED,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX alerts_account ON alerts (workspace_id, account_id, closed_at);
CREATE INDEX alerts_open ON alerts (workspace_id, worth, id) WHERE closed_at IS NULL;
CREATE INDEX alerts_closed ON alerts (workspace_id, closed_at, id) WHERE closed_at IS NOT NULL;

CREATE TABLE rules (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- What the engine remembers of an account between two looks, and when time alone can change something. The nil account
-- stands for the portfolio. It follows from the log and the clock and is not in the log.
CREATE TABLE watches (
  workspace_id UUID NOT NULL,
  account_id   UUID NOT NULL,
  due_at       BIGINT NOT NULL,
  watch        JSONB NOT NULL,
  PRIMARY KEY (workspace_id, account_id)
);
CREATE INDEX watches_due ON watches (workspace_id, due_at);

-- What happened to one alert: those of the portfolio belong to no account.
CREATE INDEX changes_alerts ON changes (workspace_id, subject_id, seq) WHERE subject = 'alerts';

ALTER TABLE alerts ENABLE ROW LEVEL SECURITY;
ALTER TABLE alerts FORCE ROW LEVEL SECURITY;
CREATE POLICY alerts_workspace ON alerts
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE rules FORCE ROW LEVEL SECURITY;
CREATE POLICY rules_workspace ON rules
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE watches ENABLE ROW LEVEL SECURITY;
ALTER TABLE watches FORCE ROW LEVEL SECURITY;
CREATE POLICY watches_workspace ON watches
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
