-- What the alert engine asks at every look must not open each open alert.
CREATE INDEX alerts_fingerprint ON alerts (workspace_id, json_extract(doc, '$.fingerprint')) WHERE closed_at IS NULL;
CREATE INDEX alerts_snoozed ON alerts (workspace_id, account_id) WHERE closed_at IS NULL AND snoozed_at IS NOT NULL;
CREATE INDEX alerts_cause ON alerts (workspace_id, cause) WHERE closed_at IS NULL AND cause IS NOT NULL;
CREATE INDEX alerts_portfolio ON alerts (workspace_id, id) WHERE kind = 'portfolio';
-- Whether a task has come again.
CREATE INDEX todos_follows ON todos (workspace_id, (doc ->> 'follows')) WHERE (doc ->> 'follows') IS NOT NULL;
