-- Versions of the model of who leaves: one document each, with what was learnt and how well it did.
CREATE TABLE churn_models (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  number       BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.number')) VIRTUAL,
  activated_at BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.activated_at')) VIRTUAL,
  retired_at   BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.retired_at')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX churn_models_number ON churn_models (workspace_id, number);

-- Attempts to learn a model: how far they are, and what came of them.
CREATE TABLE churn_trainings (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  started_at   BIGINT NOT NULL,
  started_by   BLOB,
  done         BIGINT NOT NULL DEFAULT 0,
  total        BIGINT NOT NULL DEFAULT 0,
  ended_at     BIGINT,
  came         TEXT,
  PRIMARY KEY (workspace_id, id)
);

-- What a model said of an account, in millionths of a per cent, from then until the next line; nothing where it
-- stopped to say anything. The inputs are the points of the model's measures, so that its drivers can be told again.
CREATE TABLE churn_predictions (
  workspace_id BLOB NOT NULL,
  account_id   BLOB NOT NULL,
  at           BIGINT NOT NULL,
  model_id     BLOB NOT NULL,
  version      BIGINT NOT NULL,
  pct          BIGINT,
  inputs       TEXT NOT NULL,
  PRIMARY KEY (workspace_id, account_id, at)
) WITHOUT ROWID;
CREATE INDEX churn_predictions_model ON churn_predictions (workspace_id, model_id, account_id, at);

-- The latest prediction; like health it is no part of the document.
ALTER TABLE accounts ADD COLUMN churn TEXT;
