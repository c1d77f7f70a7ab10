CREATE TABLE contacts (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  account_id   BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.account_id'), '-')) VIRTUAL,
  email        TEXT GENERATED ALWAYS AS (json_extract(doc, '$.email')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX contacts_account ON contacts (workspace_id, account_id);
CREATE UNIQUE INDEX contacts_email ON contacts (workspace_id, account_id, email) WHERE email IS NOT NULL;

CREATE TABLE tickets (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  account_id   BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.account_id'), '-')) VIRTUAL,
  external_id  TEXT GENERATED ALWAYS AS (json_extract(doc, '$.external_id')) VIRTUAL,
  severity     TEXT GENERATED ALWAYS AS (json_extract(doc, '$.severity')) VIRTUAL,
  opened_at    BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.opened_at')) VIRTUAL,
  resolved_at  BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.resolved_at')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX tickets_account ON tickets (workspace_id, account_id, opened_at);
CREATE UNIQUE INDEX tickets_external_id ON tickets (workspace_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE invoices (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  account_id   BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.account_id'), '-')) VIRTUAL,
  external_id  TEXT GENERATED ALWAYS AS (json_extract(doc, '$.external_id')) VIRTUAL,
  amount_minor BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.amount_minor')) VIRTUAL,
  issued_at    BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.issued_at')) VIRTUAL,
  due_at       BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.due_at')) VIRTUAL,
  paid_at      BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.paid_at')) VIRTUAL,
  failed_at    BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.failed_at')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX invoices_account ON invoices (workspace_id, account_id, issued_at);
CREATE UNIQUE INDEX invoices_external_id ON invoices (workspace_id, external_id) WHERE external_id IS NOT NULL;

-- Survey responses.
CREATE TABLE surveys (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  account_id   BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.account_id'), '-')) VIRTUAL,
  external_id  TEXT GENERATED ALWAYS AS (json_extract(doc, '$.external_id')) VIRTUAL,
  kind         TEXT GENERATED ALWAYS AS (json_extract(doc, '$.kind')) VIRTUAL,
  score        REAL GENERATED ALWAYS AS (json_extract(doc, '$.score')) VIRTUAL,
  answered_at  BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.answered_at')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX surveys_account ON surveys (workspace_id, account_id, answered_at);
CREATE UNIQUE INDEX surveys_external_id ON surveys (workspace_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE activities (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  account_id   BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.account_id'), '-')) VIRTUAL,
  kind         TEXT GENERATED ALWAYS AS (json_extract(doc, '$.kind')) VIRTUAL,
  happened_at  BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.happened_at')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX activities_account ON activities (workspace_id, account_id, happened_at);

-- Product usage is rolled up to days as it arrives and has its own undo journal: it is too much for the change log.
CREATE TABLE usage_days (
  workspace_id BLOB NOT NULL,
  account_id   BLOB NOT NULL,
  metric       TEXT NOT NULL,
  day          BIGINT NOT NULL,
  value        REAL NOT NULL,
  PRIMARY KEY (workspace_id, account_id, metric, day)
) WITHOUT ROWID;
CREATE TABLE usage_undo (
  workspace_id BLOB NOT NULL,
  batch_id     BLOB NOT NULL,
  account_id   BLOB NOT NULL,
  metric       TEXT NOT NULL,
  day          BIGINT NOT NULL,
  value_before REAL,
  value_after  REAL NOT NULL,
  PRIMARY KEY (workspace_id, batch_id, account_id, metric, day)
) WITHOUT ROWID;
