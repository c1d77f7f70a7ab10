-- The order by ARR is by what the grid shows: twelve times MRR where only that is known.
DROP INDEX accounts_arr_minor;
DROP INDEX accounts_arr_minor_desc;
CREATE INDEX accounts_annual_minor ON accounts (workspace_id, annual_minor, id) WHERE archived_at IS NULL;
CREATE INDEX accounts_annual_minor_desc ON accounts (workspace_id, annual_minor DESC NULLS LAST, id DESC)
  WHERE archived_at IS NULL;
