-- Feeds of news, the headlines that came with them, and the websites of accounts with what looks at them found.
CREATE TABLE feeds (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  url          TEXT NOT NULL,
  paused_at    BIGINT,
  next_at      BIGINT NOT NULL,
  etag         TEXT,
  modified     TEXT,
  doc          JSONB NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX feeds_url ON feeds (workspace_id, url);
CREATE INDEX feeds_due ON feeds (next_at) WHERE paused_at IS NULL;

CREATE TABLE feed_runs (
  workspace_id UUID NOT NULL,
  feed_id      UUID NOT NULL,
  at           BIGINT NOT NULL,
  doc          JSONB NOT NULL,
  PRIMARY KEY (workspace_id, feed_id, at)
);

CREATE TABLE signals (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  feed_id      UUID NOT NULL,
  entry_key    TEXT NOT NULL,
  title_key    TEXT NOT NULL,
  account_id   UUID,
  competitor   TEXT,
  is_open      BIGINT NOT NULL,
  published_at BIGINT NOT NULL,
  seen_at      BIGINT NOT NULL,
  event        TEXT NOT NULL,
  tone         TEXT NOT NULL,
  doc          JSONB NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX signals_entry ON signals (workspace_id, entry_key);
CREATE INDEX signals_title ON signals (workspace_id, title_key, published_at);
CREATE INDEX signals_account ON signals (workspace_id, account_id, published_at) WHERE account_id IS NOT NULL;
CREATE INDEX signals_competitor ON signals (workspace_id, published_at) WHERE competitor IS NOT NULL;
CREATE INDEX signals_open ON signals (workspace_id, published_at) WHERE is_open = 1;

CREATE TABLE websites (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  account_id   UUID NOT NULL,
  paused_at    BIGINT,
  next_at      BIGINT NOT NULL,
  doc          JSONB NOT NULL,
  PRIMARY KEY (workspace_id, account_id)
);
CREATE INDEX websites_due ON websites (next_at) WHERE paused_at IS NULL;

-- Every look of a week, and of each day before the worst one. Rank: 0 up, 1 warning, 2 down.
CREATE TABLE website_checks (
  workspace_id   UUID NOT NULL,
  account_id     UUID NOT NULL,
  at             BIGINT NOT NULL,
  rank           BIGINT NOT NULL,
  took_ms        BIGINT NOT NULL,
  tls_expires_at BIGINT,
  PRIMARY KEY (workspace_id, account_id, at)
);

ALTER TABLE feeds ENABLE ROW LEVEL SECURITY;
ALTER TABLE feeds FORCE ROW LEVEL SECURITY;
CREATE POLICY feeds_workspace ON feeds
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

ALTER TABLE feed_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE feed_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY feed_runs_workspace ON feed_runs
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

ALTER TABLE signals ENABLE ROW LEVEL SECURITY;
ALTER TABLE signals FORCE ROW LEVEL SECURITY;
CREATE POLICY signals_workspace ON signals
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

ALTER TABLE websites ENABLE ROW LEVEL SECURITY;
ALTER TABLE websites FORCE ROW LEVEL SECURITY;
CREATE POLICY websites_workspace ON websites
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

ALTER TABLE website_checks ENABLE ROW LEVEL SECURITY;
ALTER TABLE website_checks FORCE ROW LEVEL SECURITY;
CREATE POLICY website_checks_workspace ON website_checks
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
