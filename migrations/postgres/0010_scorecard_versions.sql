-- What a person said about a version, who put it into force, and since when a draft is computed in the shadow.
ALTER TABLE scorecards ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE scorecards ADD COLUMN published_by UUID;
ALTER TABLE scorecards ADD COLUMN shadow_at BIGINT;
-- Counts the times a scorecard was saved, so that two people who edit one draft notice each other.
ALTER TABLE scorecards ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

-- The latest evaluation of each account by a draft in the shadow, beside what the live version said then.
CREATE TABLE shadow_scores (
  workspace_id UUID NOT NULL,
  scorecard_id UUID NOT NULL,
  version      BIGINT NOT NULL,
  account_id   UUID NOT NULL,
  at           BIGINT NOT NULL,
  score        BIGINT,
  band         TEXT,
  live_score   BIGINT,
  live_band    TEXT,
  PRIMARY KEY (workspace_id, scorecard_id, account_id)
);
ALTER TABLE shadow_scores ENABLE ROW LEVEL SECURITY;
ALTER TABLE shadow_scores FORCE ROW LEVEL SECURITY;
CREATE POLICY shadow_scores_workspace ON shadow_scores
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
