-- A subject is one JSON document; every other column is derived from it by the database, so that
-- filter, sort and index cannot disagree with what undo and the change log restore.
CREATE TABLE accounts (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  -- Health is written by the scorer alone and is not part of the document.
  health       JSONB,
  name               TEXT GENERATED ALWAYS AS (doc ->> 'name') STORED,
  external_id        TEXT GENERATED ALWAYS AS (doc ->> 'external_id') STORED,
  domain             TEXT GENERATED ALWAYS AS (doc ->> 'domain') STORED,
  parent_id          UUID GENERATED ALWAYS AS ((doc ->> 'parent_id')::uuid) STORED,
  tier               TEXT GENERATED ALWAYS AS (doc ->> 'tier') STORED,
  stage              TEXT GENERATED ALWAYS AS (doc ->> 'stage') STORED,
  category           TEXT GENERATED ALWAYS AS (doc ->> 'category') STORED,
  country            TEXT GENERATED ALWAYS AS (doc ->> 'country') STORED,
  owner_id           UUID GENERATED ALWAYS AS ((doc ->> 'owner_id')::uuid) STORED,
  currency           TEXT GENERATED ALWAYS AS (doc ->> 'currency') STORED,
  arr_minor          BIGINT GENERATED ALWAYS AS ((doc ->> 'arr_minor')::bigint) STORED,
  mrr_minor          BIGINT GENERATED ALWAYS AS ((doc ->> 'mrr_minor')::bigint) STORED,
  annual_minor       BIGINT GENERATED ALWAYS AS (COALESCE((doc ->> 'arr_minor')::bigint, (doc ->> 'mrr_minor')::bigint * 12)) STORED,
  contract_start     BIGINT GENERATED ALWAYS AS ((doc ->> 'contract_start')::bigint) STORED,
  renewal_at         BIGINT GENERATED ALWAYS AS ((doc ->> 'renewal_at')::bigint) STORED,
  notice_days        DOUBLE PRECISION GENERATED ALWAYS AS ((doc ->> 'notice_days')::double precision) STORED,
  seats              DOUBLE PRECISION GENERATED ALWAYS AS ((doc ->> 'seats')::double precision) STORED,
  risk_level         TEXT GENERATED ALWAYS AS (doc ->> 'risk_level') STORED,
  sentiment          DOUBLE PRECISION GENERATED ALWAYS AS ((doc ->> 'sentiment')::double precision) STORED,
  engagement_score   DOUBLE PRECISION GENERATED ALWAYS AS ((doc ->> 'engagement_score')::double precision) STORED,
  satisfaction_score DOUBLE PRECISION GENERATED ALWAYS AS ((doc ->> 'satisfaction_score')::double precision) STORED,
  adoption_pct       DOUBLE PRECISION GENERATED ALWAYS AS ((doc ->> 'adoption_pct')::double precision) STORED,
  churn_risk_pct     DOUBLE PRECISION GENERATED ALWAYS AS ((doc ->> 'churn_risk_pct')::double precision) STORED,
  ticket_count       DOUBLE PRECISION GENERATED ALWAYS AS ((doc ->> 'ticket_count')::double precision) STORED,
  last_login_at      BIGINT GENERATED ALWAYS AS ((doc ->> 'last_login_at')::bigint) STORED,
  last_activity_at   BIGINT GENERATED ALWAYS AS ((doc ->> 'last_activity_at')::bigint) STORED,
  tags               JSONB GENERATED ALWAYS AS (doc -> 'tags') STORED,
  custom             JSONB GENERATED ALWAYS AS (doc -> 'custom') STORED,
  created_at         BIGINT GENERATED ALWAYS AS ((doc ->> 'created_at')::bigint) STORED,
  updated_at         BIGINT GENERATED ALWAYS AS ((doc ->> 'updated_at')::bigint) STORED,
  archived_at        BIGINT GENERATED ALWAYS AS ((doc ->> 'archived_at')::bigint) STORED,
  score              BIGINT GENERATED ALWAYS AS ((health ->> 'score')::bigint) STORED,
  band               TEXT GENERATED ALWAYS AS (health ->> 'band') STORED,
  coverage           BIGINT GENERATED ALWAYS AS ((health ->> 'coverage')::bigint) STORED,
  trend_7d           BIGINT GENERATED ALWAYS AS ((health ->> 'trend_7d')::bigint) STORED,
  trend_30d          BIGINT GENERATED ALWAYS AS ((health ->> 'trend_30d')::bigint) STORED,
  trend_90d          BIGINT GENERATED ALWAYS AS ((health ->> 'trend_90d')::bigint) STORED,
  notice_at          BIGINT GENERATED ALWAYS AS ((doc ->> 'renewal_at')::bigint - (doc ->> 'notice_days')::bigint * 86400000) STORED,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX accounts_external_id ON accounts (workspace_id, external_id) WHERE external_id IS NOT NULL;
-- The grid's orders, word for word as the filter language writes them; a descending order that ends in the rows
-- without a value needs an index of its own.
CREATE INDEX accounts_name ON accounts (workspace_id, lower(name COLLATE "C"), id) WHERE archived_at IS NULL;
CREATE INDEX accounts_name_desc ON accounts (workspace_id, lower(name COLLATE "C") DESC NULLS LAST, id DESC) WHERE archived_at IS NULL;
CREATE INDEX accounts_score ON accounts (workspace_id, score, id) WHERE archived_at IS NULL;
CREATE INDEX accounts_score_desc ON accounts (workspace_id, score DESC NULLS LAST, id DESC) WHERE archived_at IS NULL;
CREATE INDEX accounts_arr_minor ON accounts (workspace_id, arr_minor, id) WHERE archived_at IS NULL;
CREATE INDEX accounts_arr_minor_desc ON accounts (workspace_id, arr_minor DESC NULLS LAST, id DESC) WHERE archived_at IS NULL;
CREATE INDEX accounts_renewal_at ON accounts (workspace_id, renewal_at, id) INCLUDE (currency, annual_minor) WHERE archived_at IS NULL;
CREATE INDEX accounts_renewal_at_desc ON accounts (workspace_id, renewal_at DESC NULLS LAST, id DESC) WHERE archived_at IS NULL;
CREATE INDEX accounts_trend_7d ON accounts (workspace_id, trend_7d, id) WHERE archived_at IS NULL;
CREATE INDEX accounts_trend_7d_desc ON accounts (workspace_id, trend_7d DESC NULLS LAST, id DESC) WHERE archived_at IS NULL;
CREATE INDEX accounts_owner ON accounts (workspace_id, owner_id) WHERE archived_at IS NULL;
-- Covers what Today adds up.
CREATE INDEX accounts_band ON accounts (workspace_id, band, currency, annual_minor) WHERE archived_at IS NULL;
CREATE INDEX accounts_at_risk ON accounts (workspace_id, annual_minor DESC NULLS LAST, id DESC) WHERE archived_at IS NULL AND band IN ('at_risk', 'critical');
CREATE INDEX accounts_parent ON accounts (workspace_id, parent_id) WHERE parent_id IS NOT NULL;

-- Custom fields of a workspace.
CREATE TABLE fields (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  key          TEXT GENERATED ALWAYS AS (doc ->> 'key') STORED,
  subject      TEXT GENERATED ALWAYS AS (doc ->> 'subject') STORED,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX fields_key ON fields (workspace_id, subject, key);

-- Saved views of the account grid.
CREATE TABLE views (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  owner_id     UUID GENERATED ALWAYS AS ((doc ->> 'owner_id')::uuid) STORED,
  name         TEXT GENERATED ALWAYS AS (doc ->> 'name') STORED,
  PRIMARY KEY (workspace_id, id)
);
