//! Bulk statements for PostgreSQL: a JSON array is unfolded by `jsonb_array_elements`.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{ScoreRow, Statements};
use crate::error::Result;
use crate::log::Row;
use crate::subjects::Table;

macro_rules! statements {
    ($table:literal) => {
        Statements {
            select: concat!(
                "SELECT doc FROM ",
                $table,
                " WHERE workspace_id = $1 \
                 AND id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)"
            ),
            texts: concat!(
                "SELECT id, doc::text FROM ",
                $table,
                " WHERE workspace_id = $1 \
                 AND id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)"
            ),
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (workspace_id, id, doc) \
                 SELECT $1, (j ->> 'id')::uuid, j FROM jsonb_array_elements($2::text::jsonb) AS j"
            ),
            update: concat!(
                "UPDATE ",
                $table,
                " SET doc = j FROM jsonb_array_elements($2::text::jsonb) AS j \
                 WHERE workspace_id = $1 AND ",
                $table,
                ".id = (j ->> 'id')::uuid"
            ),
            delete: concat!(
                "DELETE FROM ",
                $table,
                " WHERE workspace_id = $1 \
                 AND id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)"
            ),
        }
    };
}

pub(super) fn statements(table: Table) -> Statements {
    match table {
        Table::Accounts => statements!("accounts"),
        Table::Contacts => statements!("contacts"),
        Table::Tickets => statements!("tickets"),
        Table::Invoices => statements!("invoices"),
        Table::Surveys => statements!("surveys"),
        Table::Activities => statements!("activities"),
        Table::Fields => statements!("fields"),
        Table::Views => statements!("views"),
        Table::Reports => statements!("reports"),
        Table::Exports => statements!("exports"),
        Table::Dashboards => statements!("dashboards"),
        Table::Shares => statements!("shares"),
        Table::Schedules => statements!("schedules"),
        Table::ImportSchedules => statements!("import_schedules"),
        Table::Overrides => statements!("overrides"),
        Table::Alerts => statements!("alerts"),
        Table::Rules => statements!("rules"),
        Table::Todos => statements!("todos"),
        Table::Feedback => statements!("feedback"),
        Table::ChurnModels => statements!("churn_models"),
    }
}

macro_rules! insert_texts {
    ($table:literal) => {
        concat!(
            "INSERT INTO ",
            $table,
            " (workspace_id, id, doc) SELECT $1, id, doc::jsonb FROM unnest($2::uuid[], $3::text[]) AS j (id, doc)"
        )
    };
}

/// Inserts documents that are JSON text already.
pub(super) async fn insert_texts(
    c: &mut PgConnection,
    workspace: Uuid,
    table: Table,
    docs: Vec<(Uuid, String)>,
) -> Result<u64> {
    let sql = match table {
        Table::Accounts => insert_texts!("accounts"),
        Table::Contacts => insert_texts!("contacts"),
        Table::Tickets => insert_texts!("tickets"),
        Table::Invoices => insert_texts!("invoices"),
        Table::Surveys => insert_texts!("surveys"),
        Table::Activities => insert_texts!("activities"),
        Table::Fields => insert_texts!("fields"),
        Table::Views => insert_texts!("views"),
        Table::Reports => insert_texts!("reports"),
        Table::Exports => insert_texts!("exports"),
        Table::Dashboards => insert_texts!("dashboards"),
        Table::Shares => insert_texts!("shares"),
        Table::Schedules => insert_texts!("schedules"),
        Table::ImportSchedules => insert_texts!("import_schedules"),
        Table::Overrides => insert_texts!("overrides"),
        Table::Alerts => insert_texts!("alerts"),
        Table::Rules => insert_texts!("rules"),
        Table::Todos => insert_texts!("todos"),
        Table::Feedback => insert_texts!("feedback"),
        Table::ChurnModels => insert_texts!("churn_models"),
    };
    let (ids, docs): (Vec<Uuid>, Vec<String>) = docs.into_iter().unzip();
    Ok(sqlx::query(sql).bind(workspace).bind(ids).bind(docs).execute(c).await?.rows_affected())
}

const CHANGES: &str = "INSERT INTO changes \
    (workspace_id, at, actor_id, batch_id, seq, change, subject, subject_id, account_id, data, hash) \
    SELECT $1, at, $3, $4, seq, change, subject, subject_id, account_id, data, hash \
    FROM unnest($2::bigint[], $5::bigint[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::text[], $11::bytea[]) \
    AS j (at, seq, change, subject, subject_id, account_id, data, hash)";

pub(super) async fn insert_changes(c: &mut PgConnection, workspace: Uuid, mut rows: Vec<Row>) -> Result<()> {
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(super::ROWS_MAX));
        let first = &rows[0];
        sqlx::query(CHANGES)
            .bind(workspace)
            .bind(rows.iter().map(|row| row.at).collect::<Vec<_>>())
            .bind(first.actor_id)
            .bind(first.batch_id)
            .bind(rows.iter().map(|row| row.seq).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.change.clone()).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.subject.clone()).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.subject_id).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.account_id).collect::<Vec<_>>())
            .bind(rows.iter_mut().map(|row| std::mem::take(&mut row.data)).collect::<Vec<_>>())
            .bind(rows.iter_mut().map(|row| std::mem::take(&mut row.hash)).collect::<Vec<_>>())
            .execute(&mut *c)
            .await?;
        rows = rest;
    }
    Ok(())
}

pub(super) const USAGE_JOURNAL: &str = "INSERT INTO usage_undo \
    (workspace_id, batch_id, account_id, metric, day, value_before, value_after) \
    SELECT $1, $3, j.account_id, j.metric, j.day, u.value, j.value \
    FROM jsonb_to_recordset($2::text::jsonb) AS j (account_id uuid, metric text, day bigint, value double precision) \
    LEFT JOIN usage_days AS u ON u.workspace_id = $1 AND u.account_id = j.account_id AND u.metric = j.metric AND u.day = j.day \
    ON CONFLICT (workspace_id, batch_id, account_id, metric, day) DO UPDATE SET value_after = excluded.value_after";

pub(super) const USAGE: &str = "INSERT INTO usage_days (workspace_id, account_id, metric, day, value) \
    SELECT $1, account_id, metric, day, value \
    FROM jsonb_to_recordset($2::text::jsonb) AS j (account_id uuid, metric text, day bigint, value double precision) \
    ON CONFLICT (workspace_id, account_id, metric, day) DO UPDATE SET value = excluded.value";

pub(super) const USAGE_SELECT: &str = "SELECT u.account_id, u.metric, u.day, u.value \
    FROM jsonb_to_recordset($2::text::jsonb) AS j (account_id uuid, metric text, day bigint) \
    JOIN usage_days AS u ON u.workspace_id = $1 AND u.account_id = j.account_id AND u.metric = j.metric AND u.day = j.day";

const SCORES: &str = "INSERT INTO scores \
    (workspace_id, account_id, at, score, band, coverage, scorecard_id, version, evaluation) \
    SELECT $1, account_id, at, score, band, coverage, scorecard_id, version, evaluation \
    FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::uuid[], $8::bigint[], $9::text[]) \
    AS j (account_id, at, score, band, coverage, scorecard_id, version, evaluation) \
    ON CONFLICT (workspace_id, account_id, at) DO UPDATE SET score = excluded.score, band = excluded.band, \
    coverage = excluded.coverage, scorecard_id = excluded.scorecard_id, version = excluded.version, \
    evaluation = excluded.evaluation";

pub(super) async fn insert_scores(c: &mut PgConnection, workspace: Uuid, mut rows: Vec<ScoreRow>) -> Result<()> {
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(super::ROWS_MAX));
        sqlx::query(SCORES)
            .bind(workspace)
            .bind(rows.iter().map(|row| row.account).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.at).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.score).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.band).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.coverage).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.scorecard).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.version).collect::<Vec<_>>())
            .bind(rows.iter_mut().map(|row| std::mem::take(&mut row.evaluation)).collect::<Vec<_>>())
            .execute(&mut *c)
            .await?;
        rows = rest;
    }
    Ok(())
}

pub(super) const HEALTH: &str = "UPDATE accounts SET health = (j ->> 'health')::jsonb \
    FROM jsonb_array_elements($2::text::jsonb) AS j WHERE workspace_id = $1 AND accounts.id = (j ->> 'id')::uuid";

pub(super) const ROLLUP: &str = "UPDATE accounts SET rollup = (j ->> 'rollup')::bigint \
    FROM jsonb_array_elements($2::text::jsonb) AS j WHERE workspace_id = $1 AND accounts.id = (j ->> 'id')::uuid";

pub(super) const CHURN: &str = "UPDATE accounts SET churn = (j ->> 'churn')::jsonb \
    FROM jsonb_array_elements($2::text::jsonb) AS j WHERE workspace_id = $1 AND accounts.id = (j ->> 'id')::uuid";

pub(super) const PREDICTIONS: &str = "INSERT INTO churn_predictions (workspace_id, account_id, at, model_id, version, pct, inputs) \
    SELECT $1, id, at, model, version, pct, inputs FROM jsonb_to_recordset($2::text::jsonb) \
    AS j (id uuid, at bigint, model uuid, version bigint, pct bigint, inputs text) \
    ON CONFLICT (workspace_id, account_id, at) DO UPDATE SET model_id = excluded.model_id, version = excluded.version, \
    pct = excluded.pct, inputs = excluded.inputs";

pub(super) const FIELD_TIMES: &str = "INSERT INTO field_times (workspace_id, account_id, times) \
    SELECT $1, (j ->> 'id')::uuid, j -> 'times' FROM jsonb_array_elements($2::text::jsonb) AS j \
    ON CONFLICT (workspace_id, account_id) DO UPDATE SET times = excluded.times";

pub(super) const DERIVED: &[&str] = &[
    "DELETE FROM field_times WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
    "DELETE FROM scores WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
    "DELETE FROM churn_predictions WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
    "DELETE FROM overrides WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
    "DELETE FROM usage_days WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
    "DELETE FROM alerts WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
    "DELETE FROM feedback WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
    "DELETE FROM watches WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
];

pub(super) const CHILDREN: &str = "SELECT id, parent_id FROM accounts WHERE workspace_id = $1 AND parent_id IS NOT NULL \
    AND parent_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)";

/// Which of the accounts `i.id` something hangs on.
pub(super) const WITH_FACTS: &str = "SELECT i.id FROM (SELECT j::uuid AS id \
    FROM jsonb_array_elements_text($2::text::jsonb) AS j) AS i WHERE \
    EXISTS (SELECT 1 FROM contacts AS f WHERE f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT \
    1 FROM tickets AS f WHERE f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT 1 FROM invoices \
    AS f WHERE f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT 1 FROM surveys AS f WHERE \
    f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT 1 FROM activities AS f WHERE \
    f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT 1 FROM usage_days AS f WHERE \
    f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT 1 FROM todos AS f WHERE \
    f.workspace_id = $1 AND f.account_id = i.id)";

pub(super) const CUSTOM_KEYS: &str = "SELECT DISTINCT jsonb_object_keys(doc -> 'custom') FROM accounts \
    WHERE workspace_id = $1 AND jsonb_typeof(doc -> 'custom') = 'object'";

pub(super) const CUSTOM_COUNTS: &str = "SELECT j.key, COUNT(*) FROM accounts AS a, \
    jsonb_object_keys(CASE jsonb_typeof(a.doc -> 'custom') WHEN 'object' THEN a.doc -> 'custom' ELSE '{}' END) AS j(key) \
    WHERE a.workspace_id = $1 AND a.archived_at IS NULL GROUP BY j.key";

pub(super) const ACCOUNT_ROWS: &str = "SELECT doc, health, rollup, churn FROM accounts WHERE workspace_id = $1 \
    AND id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)";

/// What reports need of accounts.
pub(super) const REPORT_ROWS: &str = "SELECT a.id, a.currency, a.annual_minor, a.score, a.band, a.doc ->> 'tier' AS tier, \
    a.doc ->> 'category' AS category, a.doc ->> 'stage' AS stage, a.doc ->> 'churn_reason' AS churn_reason, \
    a.doc ->> 'country' AS country, a.doc ->> 'owner_id' AS owner, a.renewal_at, a.archived_at FROM accounts AS a WHERE a.workspace_id = $1 \
    AND a.id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)";
