-- The order by ARR is by what the grid shows: twelve times MRR where only that is known.
DROP INDEX accounts_arr_minor;
CREATE INDEX accounts_annual_minor ON accounts (workspace_id, annual_minor, id) WHERE archived_at IS NULL;
ALTER TABLE accounts DROP COLUMN arr_minor;
