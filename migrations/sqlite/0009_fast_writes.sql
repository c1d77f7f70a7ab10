-- SQLite works out every derived column with every row that is written. What no index and no statement of the
-- program's own needs is looked up in the document where a filter asks for it.
ALTER TABLE accounts DROP COLUMN tier;
ALTER TABLE accounts DROP COLUMN country;
ALTER TABLE accounts DROP COLUMN mrr_minor;
ALTER TABLE accounts DROP COLUMN contract_start;
ALTER TABLE accounts DROP COLUMN notice_days;
ALTER TABLE accounts DROP COLUMN seats;
ALTER TABLE accounts DROP COLUMN risk_level;
ALTER TABLE accounts DROP COLUMN sentiment;
ALTER TABLE accounts DROP COLUMN engagement_score;
ALTER TABLE accounts DROP COLUMN satisfaction_score;
ALTER TABLE accounts DROP COLUMN adoption_pct;
ALTER TABLE accounts DROP COLUMN churn_risk_pct;
ALTER TABLE accounts DROP COLUMN ticket_count;
ALTER TABLE accounts DROP COLUMN last_login_at;
ALTER TABLE accounts DROP COLUMN last_activity_at;
ALTER TABLE accounts DROP COLUMN tags;
ALTER TABLE accounts DROP COLUMN custom;
ALTER TABLE accounts DROP COLUMN created_at;
ALTER TABLE accounts DROP COLUMN updated_at;
ALTER TABLE accounts DROP COLUMN coverage;
ALTER TABLE accounts DROP COLUMN trend_30d;
ALTER TABLE accounts DROP COLUMN trend_90d;
ALTER TABLE accounts DROP COLUMN notice_at;

-- With the id in front of the amount, rows that come one after the other stand beside each other.
DROP INDEX accounts_band;
CREATE INDEX accounts_band ON accounts (workspace_id, band, currency, id, annual_minor) WHERE archived_at IS NULL;
DROP INDEX accounts_owner;
CREATE INDEX accounts_owner ON accounts (workspace_id, owner_id) WHERE archived_at IS NULL AND owner_id IS NOT NULL;
