-- Second line of defence (the first is the workspace in every query): a transaction sees the rows of the
-- workspace it has named with set_config('keepwell.workspace', …) and no others. Users, sessions and tasks
-- are looked up before a workspace is known and are left to the first line.
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts_workspace ON accounts
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE fields ENABLE ROW LEVEL SECURITY;
ALTER TABLE fields FORCE ROW LEVEL SECURITY;
CREATE POLICY fields_workspace ON fields
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE views ENABLE ROW LEVEL SECURITY;
ALTER TABLE views FORCE ROW LEVEL SECURITY;
CREATE POLICY views_workspace ON views
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY contacts_workspace ON contacts
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE tickets FORCE ROW LEVEL SECURITY;
CREATE POLICY tickets_workspace ON tickets
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY invoices_workspace ON invoices
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE surveys ENABLE ROW LEVEL SECURITY;
ALTER TABLE surveys FORCE ROW LEVEL SECURITY;
CREATE POLICY surveys_workspace ON surveys
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE activities ENABLE ROW LEVEL SECURITY;
ALTER TABLE activities FORCE ROW LEVEL SECURITY;
CREATE POLICY activities_workspace ON activities
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE usage_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_days FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_days_workspace ON usage_days
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE usage_undo ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_undo FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_undo_workspace ON usage_undo
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE changes FORCE ROW LEVEL SECURITY;
CREATE POLICY changes_workspace ON changes
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE batches ENABLE ROW LEVEL SECURITY;
ALTER TABLE batches FORCE ROW LEVEL SECURITY;
CREATE POLICY batches_workspace ON batches
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE cursors ENABLE ROW LEVEL SECURITY;
ALTER TABLE cursors FORCE ROW LEVEL SECURITY;
CREATE POLICY cursors_workspace ON cursors
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE scorecards ENABLE ROW LEVEL SECURITY;
ALTER TABLE scorecards FORCE ROW LEVEL SECURITY;
CREATE POLICY scorecards_workspace ON scorecards
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE scores ENABLE ROW LEVEL SECURITY;
ALTER TABLE scores FORCE ROW LEVEL SECURITY;
CREATE POLICY scores_workspace ON scores
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE overrides ENABLE ROW LEVEL SECURITY;
ALTER TABLE overrides FORCE ROW LEVEL SECURITY;
CREATE POLICY overrides_workspace ON overrides
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
ALTER TABLE presets ENABLE ROW LEVEL SECURITY;
ALTER TABLE presets FORCE ROW LEVEL SECURITY;
CREATE POLICY presets_workspace ON presets
  USING (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid)
  WITH CHECK (workspace_id = NULLIF(current_setting('keepwell.workspace', true), '')::uuid);
