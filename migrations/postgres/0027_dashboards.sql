-- Dashboards are documents, so that what is done with them stands in the change log like any other change.
CREATE TABLE dashboards (
  workspace_id UUID NOT NULL REFERENCES workspaces (id),
  id           UUID NOT NULL,
  doc          JSONB NOT NULL,
  owner_id     UUID GENERATED ALWAYS AS ((doc ->> 'owner_id')::uuid) STORED,
  shared       BIGINT GENERATED ALWAYS AS (((doc ->> 'shared')::boolean)::int) STORED,
  name         TEXT GENERATED ALWAYS AS (doc ->> 'name') STORED,
  PRIMARY KEY (workspace_id, id)
);

ALTER TABLE dashboards ENABLE ROW LEVEL SECURITY;
ALTER TABLE dashboards FORCE ROW LEVEL SECURITY;
CREATE POLICY dashboards_workspace ON dashboards
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);

-- Views are listed as reports and dashboards are.
ALTER TABLE views ADD COLUMN shared BIGINT GENERATED ALWAYS AS (((doc ->> 'shared')::boolean)::int) STORED;

-- Usage added up by account and week (`w`, from Monday) or month (`m`), as it arrives: reports read these and never the
-- days. `days` counts those with more than nothing, `facts` those of which anything was reported; without any, the row
-- goes. A later report of a day takes the earlier one out first.
CREATE TABLE usage_spans (
  workspace_id UUID NOT NULL,
  metric       TEXT NOT NULL,
  span         TEXT NOT NULL,
  start        BIGINT NOT NULL,
  account_id   UUID NOT NULL,
  total        DOUBLE PRECISION NOT NULL,
  days         BIGINT NOT NULL,
  facts        BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, span, metric, start, account_id)
);

CREATE FUNCTION usage_span_start(span TEXT, day BIGINT) RETURNS BIGINT LANGUAGE SQL IMMUTABLE AS $$
  SELECT CASE span
    WHEN 'w' THEN (day / 86400000 - (day / 86400000 + 3) % 7) * 86400000
    ELSE extract(epoch FROM date_trunc('month', to_timestamp(day / 1000) AT TIME ZONE 'UTC'))::bigint * 1000
  END
$$;

INSERT INTO usage_spans (workspace_id, metric, span, start, account_id, total, days, facts)
SELECT workspace_id, metric, s.span, usage_span_start(s.span, day), account_id,
  SUM(value), COUNT(*) FILTER (WHERE value > 0), COUNT(*)
FROM usage_days CROSS JOIN (VALUES ('w'), ('m')) AS s (span) GROUP BY 1, 2, 3, 4, 5;

CREATE FUNCTION usage_days_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO usage_spans (workspace_id, metric, span, start, account_id, total, days, facts)
  SELECT workspace_id, metric, s.span, usage_span_start(s.span, day), account_id,
    SUM(value), COUNT(*) FILTER (WHERE value > 0), COUNT(*)
  FROM fresh CROSS JOIN (VALUES ('w'), ('m')) AS s (span) GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (workspace_id, span, metric, start, account_id) DO UPDATE SET total = usage_spans.total + excluded.total,
    days = usage_spans.days + excluded.days, facts = usage_spans.facts + excluded.facts;
  RETURN NULL;
END $$;

CREATE FUNCTION usage_days_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE usage_spans AS u SET total = u.total - g.total, days = u.days - g.days, facts = u.facts - g.facts
  FROM (SELECT workspace_id, metric, s.span, usage_span_start(s.span, day) AS start, account_id,
      SUM(value) AS total, COUNT(*) FILTER (WHERE value > 0) AS days, COUNT(*) AS facts
    FROM gone CROSS JOIN (VALUES ('w'), ('m')) AS s (span) GROUP BY 1, 2, 3, 4, 5) AS g
  WHERE u.workspace_id = g.workspace_id AND u.span = g.span AND u.metric = g.metric AND u.start = g.start
    AND u.account_id = g.account_id;
  DELETE FROM usage_spans AS u USING (SELECT DISTINCT workspace_id, metric, s.span,
      usage_span_start(s.span, day) AS start, account_id FROM gone CROSS JOIN (VALUES ('w'), ('m')) AS s (span)) AS g
  WHERE u.workspace_id = g.workspace_id AND u.span = g.span AND u.metric = g.metric AND u.start = g.start
    AND u.account_id = g.account_id AND u.facts = 0;
  RETURN NULL;
END $$;

CREATE FUNCTION usage_days_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE usage_spans AS u SET total = u.total + g.total, days = u.days + g.days
  FROM (SELECT workspace_id, metric, s.span, usage_span_start(s.span, day) AS start, account_id,
      SUM(value * weight) AS total, COALESCE(SUM(weight) FILTER (WHERE value > 0), 0) AS days
    FROM (SELECT *, 1 AS weight FROM fresh UNION ALL SELECT *, -1 FROM gone) AS both_of_them
    CROSS JOIN (VALUES ('w'), ('m')) AS s (span) GROUP BY 1, 2, 3, 4, 5) AS g
  WHERE u.workspace_id = g.workspace_id AND u.span = g.span AND u.metric = g.metric AND u.start = g.start
    AND u.account_id = g.account_id;
  RETURN NULL;
END $$;

CREATE TRIGGER usage_days_added AFTER INSERT ON usage_days
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION usage_days_added();
CREATE TRIGGER usage_days_changed AFTER UPDATE ON usage_days
  REFERENCING NEW TABLE AS fresh OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION usage_days_changed();
CREATE TRIGGER usage_days_gone AFTER DELETE ON usage_days
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION usage_days_gone();

ALTER TABLE usage_spans ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_spans FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_spans_workspace ON usage_spans
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
