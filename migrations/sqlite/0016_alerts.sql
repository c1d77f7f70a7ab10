-- Alerts and the rules that raise them are documents, so that what people do with them is taken back like any other
-- change.
CREATE TABLE alerts (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  account_id   BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.account_id'), '-')) VIRTUAL,
  rule_id      BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.rule_id'), '-')) VIRTUAL,
  rule_name    TEXT GENERATED ALWAYS AS (json_extract(doc, '$.rule_name')) VIRTUAL,
  cause        TEXT GENERATED ALWAYS AS (json_extract(doc, '$.reason.cause')) VIRTUAL,
  kind         TEXT GENERATED ALWAYS AS (json_extract(doc, '$.kind')) VIRTUAL,
  priority     TEXT GENERATED ALWAYS AS (json_extract(doc, '$.priority')) VIRTUAL,
  worth        REAL GENERATED ALWAYS AS (json_extract(doc, '$.worth.value')) VIRTUAL,
  assignee     BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.assignee'), '-')) VIRTUAL,
  group_id     BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.group'), '-')) VIRTUAL,
  snoozed_at   BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.snoozed_at')) VIRTUAL,
  created_at   BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  closed_at    BIGINT GENERATED ALWAYS AS (COALESCE(json_extract(doc, '$.dismissed_at'), json_extract(doc, '$.resolved_at'))) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX alerts_account ON alerts (workspace_id, account_id, closed_at);
CREATE INDEX alerts_open ON alerts (workspace_id, worth, id) WHERE closed_at IS NULL;
CREATE INDEX alerts_closed ON alerts (workspace_id, closed_at, id) WHERE closed_at IS NOT NULL;

CREATE TABLE rules (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- What the engine remembers of an account between two looks, and when time alone can change something. The nil account
-- stands for the portfolio. It follows from the log and the clock and is not in the log.
CREATE TABLE watches (
  workspace_id BLOB NOT NULL,
  account_id   BLOB NOT NULL,
  due_at       BIGINT NOT NULL,
  watch        TEXT NOT NULL,
  PRIMARY KEY (workspace_id, account_id)
) WITHOUT ROWID;
CREATE INDEX watches_due ON watches (workspace_id, due_at);

-- What happened to one alert: those of the portfolio belong to no account.
CREATE INDEX changes_alerts ON changes (workspace_id, subject_id, seq) WHERE subject = 'alerts';
