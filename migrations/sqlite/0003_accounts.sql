-- A subject is one JSON document; every other column is derived from it by the database, so that
-- filter, sort and index cannot disagree with what undo and the change log restore.
CREATE TABLE accounts (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  -- Health is written by the scorer alone and is not part of the document.
  health       TEXT,
  name               TEXT GENERATED ALWAYS AS (json_extract(doc, '$.name')) VIRTUAL,
  external_id        TEXT GENERATED ALWAYS AS (json_extract(doc, '$.external_id')) VIRTUAL,
  domain             TEXT GENERATED ALWAYS AS (json_extract(doc, '$.domain')) VIRTUAL,
  parent_id          BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.parent_id'), '-')) VIRTUAL,
  tier               TEXT GENERATED ALWAYS AS (json_extract(doc, '$.tier')) VIRTUAL,
  stage              TEXT GENERATED ALWAYS AS (json_extract(doc, '$.stage')) VIRTUAL,
  category           TEXT GENERATED ALWAYS AS (json_extract(doc, '$.category')) VIRTUAL,
  country            TEXT GENERATED ALWAYS AS (json_extract(doc, '$.country')) VIRTUAL,
  owner_id           BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.owner_id'), '-')) VIRTUAL,
  currency           TEXT GENERATED ALWAYS AS (json_extract(doc, '$.currency')) VIRTUAL,
  arr_minor          BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.arr_minor')) VIRTUAL,
  mrr_minor          BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.mrr_minor')) VIRTUAL,
  annual_minor       BIGINT GENERATED ALWAYS AS (COALESCE(json_extract(doc, '$.arr_minor'), json_extract(doc, '$.mrr_minor') * 12)) VIRTUAL,
  contract_start     BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.contract_start')) VIRTUAL,
  renewal_at         BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.renewal_at')) VIRTUAL,
  notice_days        REAL GENERATED ALWAYS AS (json_extract(doc, '$.notice_days')) VIRTUAL,
  seats              REAL GENERATED ALWAYS AS (json_extract(doc, '$.seats')) VIRTUAL,
  risk_level         TEXT GENERATED ALWAYS AS (json_extract(doc, '$.risk_level')) VIRTUAL,
  sentiment          REAL GENERATED ALWAYS AS (json_extract(doc, '$.sentiment')) VIRTUAL,
  engagement_score   REAL GENERATED ALWAYS AS (json_extract(doc, '$.engagement_score')) VIRTUAL,
  satisfaction_score REAL GENERATED ALWAYS AS (json_extract(doc, '$.satisfaction_score')) VIRTUAL,
  adoption_pct       REAL GENERATED ALWAYS AS (json_extract(doc, '$.adoption_pct')) VIRTUAL,
  churn_risk_pct     REAL GENERATED ALWAYS AS (json_extract(doc, '$.churn_risk_pct')) VIRTUAL,
  ticket_count       REAL GENERATED ALWAYS AS (json_extract(doc, '$.ticket_count')) VIRTUAL,
  last_login_at      BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.last_login_at')) VIRTUAL,
  last_activity_at   BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.last_activity_at')) VIRTUAL,
  tags               TEXT GENERATED ALWAYS AS (json_extract(doc, '$.tags')) VIRTUAL,
  custom             TEXT GENERATED ALWAYS AS (json_extract(doc, '$.custom')) VIRTUAL,
  created_at         BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.created_at')) VIRTUAL,
  updated_at         BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.updated_at')) VIRTUAL,
  archived_at        BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.archived_at')) VIRTUAL,
  score              BIGINT GENERATED ALWAYS AS (json_extract(health, '$.score')) VIRTUAL,
  band               TEXT GENERATED ALWAYS AS (json_extract(health, '$.band')) VIRTUAL,
  coverage           BIGINT GENERATED ALWAYS AS (json_extract(health, '$.coverage')) VIRTUAL,
  trend_7d           BIGINT GENERATED ALWAYS AS (json_extract(health, '$.trend_7d')) VIRTUAL,
  trend_30d          BIGINT GENERATED ALWAYS AS (json_extract(health, '$.trend_30d')) VIRTUAL,
  trend_90d          BIGINT GENERATED ALWAYS AS (json_extract(health, '$.trend_90d')) VIRTUAL,
  notice_at          BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.renewal_at') - json_extract(doc, '$.notice_days') * 86400000) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX accounts_external_id ON accounts (workspace_id, external_id) WHERE external_id IS NOT NULL;
-- The grid's orders, word for word as the filter language writes them; read backwards they serve the descending ones.
CREATE INDEX accounts_name ON accounts (workspace_id, lower(name), id) WHERE archived_at IS NULL;
CREATE INDEX accounts_score ON accounts (workspace_id, score, id) WHERE archived_at IS NULL;
CREATE INDEX accounts_arr_minor ON accounts (workspace_id, arr_minor, id) WHERE archived_at IS NULL;
-- SQLite never calls an index over derived columns covering, yet it opens no document for what the index holds.
CREATE INDEX accounts_renewal_at ON accounts (workspace_id, renewal_at, id, currency, annual_minor) WHERE archived_at IS NULL;
CREATE INDEX accounts_trend_7d ON accounts (workspace_id, trend_7d, id) WHERE archived_at IS NULL;
CREATE INDEX accounts_owner ON accounts (workspace_id, owner_id) WHERE archived_at IS NULL;
CREATE INDEX accounts_band ON accounts (workspace_id, band, currency, annual_minor) WHERE archived_at IS NULL;
CREATE INDEX accounts_at_risk ON accounts (workspace_id, annual_minor, id) WHERE archived_at IS NULL AND band IN ('at_risk', 'critical');
CREATE INDEX accounts_parent ON accounts (workspace_id, parent_id) WHERE parent_id IS NOT NULL;

-- Custom fields of a workspace.
CREATE TABLE fields (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  key          TEXT GENERATED ALWAYS AS (json_extract(doc, '$.key')) VIRTUAL,
  subject      TEXT GENERATED ALWAYS AS (json_extract(doc, '$.subject')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX fields_key ON fields (workspace_id, subject, key);

-- Saved views of the account grid.
CREATE TABLE views (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  owner_id     BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.owner_id'), '-')) VIRTUAL,
  name         TEXT GENERATED ALWAYS AS (json_extract(doc, '$.name')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
