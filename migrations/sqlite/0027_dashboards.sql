-- Dashboards are documents, so that what is done with them stands in the change log like any other change.
CREATE TABLE dashboards (
  workspace_id BLOB NOT NULL REFERENCES workspaces (id),
  id           BLOB NOT NULL,
  doc          TEXT NOT NULL,
  owner_id     BLOB GENERATED ALWAYS AS (unhex(json_extract(doc, '$.owner_id'), '-')) VIRTUAL,
  shared       BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.shared')) VIRTUAL,
  name         TEXT GENERATED ALWAYS AS (json_extract(doc, '$.name')) VIRTUAL,
  PRIMARY KEY (workspace_id, id)
);

-- Views are listed as reports and dashboards are.
ALTER TABLE views ADD COLUMN shared BIGINT GENERATED ALWAYS AS (json_extract(doc, '$.shared')) VIRTUAL;

-- Usage added up by account and week (`w`, from Monday) or month (`m`), as it arrives: reports read these and never the
-- days. `days` counts those with more than nothing, `facts` those of which anything was reported; without any, the row
-- goes. A later report of a day takes the earlier one out first.
CREATE TABLE usage_spans (
  workspace_id BLOB NOT NULL,
  metric       TEXT NOT NULL,
  span         TEXT NOT NULL,
  start        BIGINT NOT NULL,
  account_id   BLOB NOT NULL,
  total        REAL NOT NULL,
  days         BIGINT NOT NULL,
  facts        BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, span, metric, start, account_id)
) WITHOUT ROWID;

INSERT INTO usage_spans (workspace_id, metric, span, start, account_id, total, days, facts)
SELECT workspace_id, metric, 'w', (day / 86400000 - (day / 86400000 + 3) % 7) * 86400000, account_id,
  SUM(value), SUM(value > 0), COUNT(*) FROM usage_days GROUP BY 1, 2, 4, 5;
INSERT INTO usage_spans (workspace_id, metric, span, start, account_id, total, days, facts)
SELECT workspace_id, metric, 'm', unixepoch(day / 1000, 'unixepoch', 'start of month') * 1000, account_id,
  SUM(value), SUM(value > 0), COUNT(*) FROM usage_days GROUP BY 1, 2, 4, 5;

CREATE TRIGGER usage_days_added AFTER INSERT ON usage_days BEGIN
  INSERT INTO usage_spans (workspace_id, metric, span, start, account_id, total, days, facts) VALUES
    (new.workspace_id, new.metric, 'w', (new.day / 86400000 - (new.day / 86400000 + 3) % 7) * 86400000,
      new.account_id, new.value, new.value > 0, 1),
    (new.workspace_id, new.metric, 'm', unixepoch(new.day / 1000, 'unixepoch', 'start of month') * 1000,
      new.account_id, new.value, new.value > 0, 1)
  ON CONFLICT (workspace_id, span, metric, start, account_id) DO UPDATE SET
    total = total + excluded.total, days = days + excluded.days, facts = facts + 1;
END;
-- Two statements each: asked for both rows at once, SQLite walks over all of them.
CREATE TRIGGER usage_days_changed AFTER UPDATE ON usage_days WHEN new.value <> old.value BEGIN
  UPDATE usage_spans SET total = total + new.value - old.value, days = days + (new.value > 0) - (old.value > 0)
  WHERE workspace_id = new.workspace_id AND span = 'w' AND metric = new.metric
    AND start = (new.day / 86400000 - (new.day / 86400000 + 3) % 7) * 86400000 AND account_id = new.account_id;
  UPDATE usage_spans SET total = total + new.value - old.value, days = days + (new.value > 0) - (old.value > 0)
  WHERE workspace_id = new.workspace_id AND span = 'm' AND metric = new.metric
    AND start = unixepoch(new.day / 1000, 'unixepoch', 'start of month') * 1000 AND account_id = new.account_id;
END;
CREATE TRIGGER usage_days_gone AFTER DELETE ON usage_days BEGIN
  UPDATE usage_spans SET total = total - old.value, days = days - (old.value > 0), facts = facts - 1
  WHERE workspace_id = old.workspace_id AND span = 'w' AND metric = old.metric
    AND start = (old.day / 86400000 - (old.day / 86400000 + 3) % 7) * 86400000 AND account_id = old.account_id;
  DELETE FROM usage_spans
  WHERE workspace_id = old.workspace_id AND span = 'w' AND metric = old.metric
    AND start = (old.day / 86400000 - (old.day / 86400000 + 3) % 7) * 86400000 AND account_id = old.account_id AND facts = 0;
  UPDATE usage_spans SET total = total - old.value, days = days - (old.value > 0), facts = facts - 1
  WHERE workspace_id = old.workspace_id AND span = 'm' AND metric = old.metric
    AND start = unixepoch(old.day / 1000, 'unixepoch', 'start of month') * 1000 AND account_id = old.account_id;
  DELETE FROM usage_spans
  WHERE workspace_id = old.workspace_id AND span = 'm' AND metric = old.metric
    AND start = unixepoch(old.day / 1000, 'unixepoch', 'start of month') * 1000 AND account_id = old.account_id AND facts = 0;
END;
