-- With the id in front of the amount, rows that come one after the other stand beside each other.
DROP INDEX accounts_band;
CREATE INDEX accounts_band ON accounts (workspace_id, band, currency, id) INCLUDE (annual_minor) WHERE archived_at IS NULL;
DROP INDEX accounts_owner;
CREATE INDEX accounts_owner ON accounts (workspace_id, owner_id) WHERE archived_at IS NULL AND owner_id IS NOT NULL;
