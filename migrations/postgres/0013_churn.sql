-- Versions of the model of who leaves: one document each, with what was learnt and how well it did.
CREATE TABLE churn_models (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  number       BIGINT GENERATED ALWAYS AS ((doc ->> 'number')::bigint) STORED,
  activated_at BIGINT GENERATED ALWAYS AS ((doc ->> 'activated_at')::bigint) STORED,
  retired_at   BIGINT GENERATED ALWAYS AS ((doc ->> 'retired_at')::bigint) STORED,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX churn_models_number ON churn_models (workspace_id, number);
ALTER TABLE churn_models ENABLE ROW LEVEL SECURITY;
ALTER TABLE churn_models FORCE ROW LEVEL SECURITY;
CREATE POLICY churn_models_workspace ON churn_models
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

-- Attempts to learn a model: how far they are, and what came of them.
CREATE TABLE churn_trainings (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  started_at   BIGINT NOT NULL,
  started_by   UUID,
  done         BIGINT NOT NULL DEFAULT 0,
  total        BIGINT NOT NULL DEFAULT 0,
  ended_at     BIGINT,
  came         TEXT,
  PRIMARY KEY (workspace_id, id)
);
ALTER TABLE churn_trainings ENABLE ROW LEVEL SECURITY;
ALTER TABLE churn_trainings FORCE ROW LEVEL SECURITY;
CREATE POLICY churn_trainings_workspace ON churn_trainings
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

-- What a model said of an account, in millionths of a per cent, from then until the next line; nothing where it
-- stopped to say anything. The inputs are the points of the model's measures, so that its drivers can be told again.
CREATE TABLE churn_predictions (
  workspace_id UUID NOT NULL,
  account_id   UUID NOT NULL,
  at           BIGINT NOT NULL,
  model_id     UUID NOT NULL,
  version      BIGINT NOT NULL,
  pct          BIGINT,
  inputs       TEXT NOT NULL,
  PRIMARY KEY (workspace_id, account_id, at)
);
CREATE INDEX churn_predictions_model ON churn_predictions (workspace_id, model_id, account_id, at);
ALTER TABLE churn_predictions ENABLE ROW LEVEL SECURITY;
ALTER TABLE churn_predictions FORCE ROW LEVEL SECURITY;
CREATE POLICY churn_predictions_workspace ON churn_predictions
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

-- The latest prediction; like health it is no part of the document.
ALTER TABLE accounts ADD COLUMN churn JSONB;
ALTER TABLE accounts ADD COLUMN churn_pct BIGINT GENERATED ALWAYS AS ((churn ->> 'pct')::bigint) STORED;
