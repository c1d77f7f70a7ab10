-- What customers wrote, in the order in which it came: Today asks who waits for an answer.
CREATE INDEX activities_received ON activities (workspace_id, happened_at) WHERE kind = 'received';
CREATE INDEX surveys_comments ON surveys (workspace_id, answered_at) WHERE doc ->> 'comment' IS NOT NULL;
