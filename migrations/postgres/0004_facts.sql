CREATE TABLE contacts (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  account_id   UUID GENERATED ALWAYS AS ((doc ->> 'account_id')::uuid) STORED,
  email        TEXT GENERATED ALWAYS AS (doc ->> 'email') STORED,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX contacts_account ON contacts (workspace_id, account_id);
CREATE UNIQUE INDEX contacts_email ON contacts (workspace_id, account_id, email) WHERE email IS NOT NULL;

CREATE TABLE tickets (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  account_id   UUID GENERATED ALWAYS AS ((doc ->> 'account_id')::uuid) STORED,
  external_id  TEXT GENERATED ALWAYS AS (doc ->> 'external_id') STORED,
  severity     TEXT GENERATED ALWAYS AS (doc ->> 'severity') STORED,
  opened_at    BIGINT GENERATED ALWAYS AS ((doc ->> 'opened_at')::bigint) STORED,
  resolved_at  BIGINT GENERATED ALWAYS AS ((doc ->> 'resolved_at')::bigint) STORED,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX tickets_account ON tickets (workspace_id, account_id, opened_at);
CREATE UNIQUE INDEX tickets_external_id ON tickets (workspace_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE invoices (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  account_id   UUID GENERATED ALWAYS AS ((doc ->> 'account_id')::uuid) STORED,
  external_id  TEXT GENERATED ALWAYS AS (doc ->> 'external_id') STORED,
  amount_minor BIGINT GENERATED ALWAYS AS ((doc ->> 'amount_minor')::bigint) STORED,
  issued_at    BIGINT GENERATED ALWAYS AS ((doc ->> 'issued_at')::bigint) STORED,
  due_at       BIGINT GENERATED ALWAYS AS ((doc ->> 'due_at')::bigint) STORED,
  paid_at      BIGINT GENERATED ALWAYS AS ((doc ->> 'paid_at')::bigint) STORED,
  failed_at    BIGINT GENERATED ALWAYS AS ((doc ->> 'failed_at')::bigint) STORED,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX invoices_account ON invoices (workspace_id, account_id, issued_at);
CREATE UNIQUE INDEX invoices_external_id ON invoices (workspace_id, external_id) WHERE external_id IS NOT NULL;

-- Survey responses.
CREATE TABLE surveys (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  account_id   UUID GENERATED ALWAYS AS ((doc ->> 'account_id')::uuid) STORED,
  external_id  TEXT GENERATED ALWAYS AS (doc ->> 'external_id') STORED,
  kind         TEXT GENERATED ALWAYS AS (doc ->> 'kind') STORED,
  score        DOUBLE PRECISION GENERATED ALWAYS AS ((doc ->> 'score')::double precision) STORED,
  answered_at  BIGINT GENERATED ALWAYS AS ((doc ->> 'answered_at')::bigint) STORED,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX surveys_account ON surveys (workspace_id, account_id, answered_at);
CREATE UNIQUE INDEX surveys_external_id ON surveys (workspace_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE activities (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  account_id   UUID GENERATED ALWAYS AS ((doc ->> 'account_id')::uuid) STORED,
  kind         TEXT GENERATED ALWAYS AS (doc ->> 'kind') STORED,
  happened_at  BIGINT GENERATED ALWAYS AS ((doc ->> 'happened_at')::bigint) STORED,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX activities_account ON activities (workspace_id, account_id, happened_at);

-- Product usage is rolled up to days as it arrives and has its own undo journal: it is too much for the change log.
CREATE TABLE usage_days (
  workspace_id UUID NOT NULL,
  account_id   UUID NOT NULL,
  metric       TEXT NOT NULL,
  day          BIGINT NOT NULL,
  value        DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (workspace_id, account_id, metric, day)
);
CREATE TABLE usage_undo (
  workspace_id UUID NOT NULL,
  batch_id     UUID NOT NULL,
  account_id   UUID NOT NULL,
  metric       TEXT NOT NULL,
  day          BIGINT NOT NULL,
  value_before DOUBLE PRECISION,
  value_after  DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (workspace_id, batch_id, account_id, metric, day)
);
