-- SQLite has no row level security; the workspace in every query is what isolates.
SELECT 1;
