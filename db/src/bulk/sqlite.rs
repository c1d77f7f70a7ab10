//! Bulk statements for SQLite: a JSON array is unfolded by `json_each`.

use std::sync::LazyLock;

use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{ScoreRow, Statements};
use crate::error::Result;
use crate::log::Row;
use crate::subjects::Table;

// Where a row is looked up for each element, the workspace is tied to the element: without statistics SQLite
// otherwise believes that few rows share a workspace, and walks over all of them for every element.
macro_rules! statements {
    ($table:literal) => {
        Statements {
            select: concat!(
                "SELECT doc FROM ",
                $table,
                " WHERE workspace_id = $1 \
                 AND id IN (SELECT unhex(value, '-') FROM json_each($2))"
            ),
            texts: concat!(
                "SELECT id, doc FROM ",
                $table,
                " WHERE workspace_id = $1 \
                 AND id IN (SELECT unhex(value, '-') FROM json_each($2))"
            ),
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (workspace_id, id, doc) \
                 SELECT $1, unhex(value ->> '$.id', '-'), value FROM json_each($2)"
            ),
            update: concat!(
                "UPDATE ",
                $table,
                " SET doc = j.value FROM json_each($2) AS j \
                 WHERE workspace_id = CASE WHEN j.value IS NOT NULL THEN $1 END AND ",
                $table,
                ".id = unhex(j.value ->> '$.id', '-')"
            ),
            delete: concat!(
                "DELETE FROM ",
                $table,
                " WHERE workspace_id = $1 AND id IN (SELECT unhex(value, '-') FROM json_each($2))"
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

/// Rows of one statement, most first: a long list is cut into these, so that few statements are prepared.
///
/// The largest is large because SQLite copies each page that a statement touches, in case it must be taken
/// back, and an index in random order touches most of its pages in every statement.
const SIZES: [usize; 5] = [2_048, 256, 32, 4, 1];

/// Returns the texts of an insert for each of [`SIZES`]; what all rows have in common is bound once, in front.
///
/// All placeholders are bare: sqlx asks SQLite for the name of every one, and the time that takes for
/// numbered ones grows with the square of their number.
fn texts(head: &str, row: &str) -> [String; 5] {
    SIZES.map(|size| format!("{head} FROM (VALUES {})", vec![row; size].join(", ")))
}

static INSERT_TEXTS: LazyLock<[[String; 5]; TABLES.len()]> = LazyLock::new(|| {
    TABLES.map(|(_, table)| {
        texts(&format!("INSERT INTO {table} (workspace_id, id, doc) SELECT ?, column1, column2"), "(?, ?)")
    })
});

static INSERT_CHANGES: LazyLock<[String; 5]> = LazyLock::new(|| {
    texts(
        // A failure fails the whole transaction, so nothing need be kept for taking the statement alone back.
        "INSERT OR FAIL INTO changes \
         (workspace_id, actor_id, batch_id, at, seq, change, subject, subject_id, account_id, data, hash) \
         SELECT ?, ?, ?, column1, column2, column3, column4, column5, column6, column7, column8",
        "(?, ?, ?, ?, ?, ?, ?, ?)",
    )
});

const TABLES: [(Table, &str); 20] = [
    (Table::Accounts, "accounts"),
    (Table::Contacts, "contacts"),
    (Table::Tickets, "tickets"),
    (Table::Invoices, "invoices"),
    (Table::Surveys, "surveys"),
    (Table::Activities, "activities"),
    (Table::Fields, "fields"),
    (Table::Views, "views"),
    (Table::Reports, "reports"),
    (Table::Exports, "exports"),
    (Table::Dashboards, "dashboards"),
    (Table::Shares, "shares"),
    (Table::Schedules, "schedules"),
    (Table::ImportSchedules, "import_schedules"),
    (Table::Overrides, "overrides"),
    (Table::Alerts, "alerts"),
    (Table::Rules, "rules"),
    (Table::Todos, "todos"),
    (Table::Feedback, "feedback"),
    (Table::ChurnModels, "churn_models"),
];

/// Binding values is several times as fast as unfolding JSON, and imports are made of these two.
pub(super) async fn insert_texts(
    c: &mut SqliteConnection,
    workspace: Uuid,
    table: Table,
    docs: Vec<(Uuid, String)>,
) -> Result<u64> {
    let place = TABLES.iter().position(|(known, _)| *known == table).unwrap_or_default();
    let (mut docs, mut written) = (docs.into_iter(), 0);
    while docs.len() > 0 {
        let (size, sql) = largest(docs.len(), &INSERT_TEXTS[place]);
        let mut query = sqlx::query(sql).bind(workspace);
        for (id, doc) in docs.by_ref().take(size) {
            query = query.bind(id).bind(doc);
        }
        written += query.execute(&mut *c).await?.rows_affected();
    }
    Ok(written)
}

pub(super) async fn insert_changes(c: &mut SqliteConnection, workspace: Uuid, rows: Vec<Row>) -> Result<()> {
    let Some((actor, batch)) = rows.first().map(|row| (row.actor_id, row.batch_id)) else { return Ok(()) };
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        let (size, sql) = largest(rows.len(), &INSERT_CHANGES);
        let mut query = sqlx::query(sql).bind(workspace).bind(actor).bind(batch);
        for row in rows.by_ref().take(size) {
            query = query.bind(row.at).bind(row.seq).bind(row.change).bind(row.subject).bind(row.subject_id);
            query = query.bind(row.account_id).bind(row.data).bind(row.hash);
        }
        query.execute(&mut *c).await?;
    }
    Ok(())
}

static INSERT_SCORES: LazyLock<[String; 5]> = LazyLock::new(|| {
    texts(
        "INSERT INTO scores (workspace_id, account_id, at, score, band, coverage, scorecard_id, version, evaluation) \
         SELECT ?, column1, column2, column3, column4, column5, column6, column7, column8",
        "(?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .map(|text| {
        format!(
            "{text} WHERE true ON CONFLICT (workspace_id, account_id, at) DO UPDATE SET score = excluded.score, \
             band = excluded.band, coverage = excluded.coverage, scorecard_id = excluded.scorecard_id, \
             version = excluded.version, evaluation = excluded.evaluation"
        )
    })
});

pub(super) async fn insert_scores(c: &mut SqliteConnection, workspace: Uuid, rows: Vec<ScoreRow>) -> Result<()> {
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        let (size, sql) = largest(rows.len(), &INSERT_SCORES);
        let mut query = sqlx::query(sql).bind(workspace);
        for row in rows.by_ref().take(size) {
            query = query.bind(row.account).bind(row.at).bind(row.score).bind(row.band);
            query = query.bind(row.coverage).bind(row.scorecard).bind(row.version).bind(row.evaluation);
        }
        query.execute(&mut *c).await?;
    }
    Ok(())
}

fn largest(left: usize, texts: &'static [String; 5]) -> (usize, &'static str) {
    let place = SIZES.iter().position(|size| *size <= left).unwrap_or(SIZES.len() - 1);
    (SIZES[place], texts[place].as_str())
}

pub(super) const USAGE_JOURNAL: &str = "INSERT INTO usage_undo \
    (workspace_id, batch_id, account_id, metric, day, value_before, value_after) \
    SELECT $1, $3, unhex(j.value ->> '$.account_id', '-'), j.value ->> '$.metric', j.value ->> '$.day', u.value, j.value ->> '$.value' \
    FROM json_each($2) AS j LEFT JOIN usage_days AS u ON u.workspace_id = $1 \
    AND u.account_id = unhex(j.value ->> '$.account_id', '-') AND u.metric = j.value ->> '$.metric' AND u.day = j.value ->> '$.day' \
    WHERE true ON CONFLICT (workspace_id, batch_id, account_id, metric, day) DO UPDATE SET value_after = excluded.value_after";

pub(super) const USAGE: &str = "INSERT INTO usage_days (workspace_id, account_id, metric, day, value) \
    SELECT $1, unhex(value ->> '$.account_id', '-'), value ->> '$.metric', value ->> '$.day', value ->> '$.value' \
    FROM json_each($2) WHERE true \
    ON CONFLICT (workspace_id, account_id, metric, day) DO UPDATE SET value = excluded.value";

pub(super) const USAGE_SELECT: &str = "SELECT u.account_id, u.metric, u.day, u.value FROM json_each($2) AS j \
    CROSS JOIN usage_days AS u WHERE u.workspace_id = $1 AND u.account_id = unhex(j.value ->> '$.account_id', '-') \
    AND u.metric = j.value ->> '$.metric' AND u.day = j.value ->> '$.day'";

pub(super) const HEALTH: &str = "UPDATE accounts SET health = j.value ->> '$.health' FROM json_each($2) AS j \
    WHERE workspace_id = CASE WHEN j.value IS NOT NULL THEN $1 END AND accounts.id = unhex(j.value ->> '$.id', '-')";

pub(super) const ROLLUP: &str = "UPDATE accounts SET rollup = j.value ->> '$.rollup' FROM json_each($2) AS j \
    WHERE workspace_id = CASE WHEN j.value IS NOT NULL THEN $1 END AND accounts.id = unhex(j.value ->> '$.id', '-')";

pub(super) const CHURN: &str = "UPDATE accounts SET churn = j.value ->> '$.churn' FROM json_each($2) AS j \
    WHERE workspace_id = CASE WHEN j.value IS NOT NULL THEN $1 END AND accounts.id = unhex(j.value ->> '$.id', '-')";

pub(super) const PREDICTIONS: &str = "INSERT INTO churn_predictions (workspace_id, account_id, at, model_id, version, pct, inputs) \
    SELECT $1, unhex(value ->> '$.id', '-'), value ->> '$.at', unhex(value ->> '$.model', '-'), value ->> '$.version', \
    value ->> '$.pct', value ->> '$.inputs' FROM json_each($2) WHERE true \
    ON CONFLICT (workspace_id, account_id, at) DO UPDATE SET model_id = excluded.model_id, version = excluded.version, \
    pct = excluded.pct, inputs = excluded.inputs";

pub(super) const FIELD_TIMES: &str = "INSERT INTO field_times (workspace_id, account_id, times) \
    SELECT $1, unhex(value ->> '$.id', '-'), value -> '$.times' FROM json_each($2) WHERE true \
    ON CONFLICT (workspace_id, account_id) DO UPDATE SET times = excluded.times";

pub(super) const DERIVED: &[&str] = &[
    "DELETE FROM field_times WHERE workspace_id = $1 AND account_id IN (SELECT unhex(value, '-') FROM json_each($2))",
    "DELETE FROM scores WHERE workspace_id = $1 AND account_id IN (SELECT unhex(value, '-') FROM json_each($2))",
    "DELETE FROM churn_predictions WHERE workspace_id = $1 AND account_id IN (SELECT unhex(value, '-') FROM json_each($2))",
    "DELETE FROM overrides WHERE workspace_id = $1 AND account_id IN (SELECT unhex(value, '-') FROM json_each($2))",
    "DELETE FROM usage_days WHERE workspace_id = $1 AND account_id IN (SELECT unhex(value, '-') FROM json_each($2))",
    "DELETE FROM alerts WHERE workspace_id = $1 AND account_id IN (SELECT unhex(value, '-') FROM json_each($2))",
    "DELETE FROM feedback WHERE workspace_id = $1 AND account_id IN (SELECT unhex(value, '-') FROM json_each($2))",
    "DELETE FROM watches WHERE workspace_id = $1 AND account_id IN (SELECT unhex(value, '-') FROM json_each($2))",
];

/// Without `parent_id IS NOT NULL`, of which SQLite would make a walk over everybody who has a parent.
pub(super) const CHILDREN: &str = "SELECT id, parent_id FROM accounts WHERE workspace_id = $1 \
    AND parent_id IN (SELECT unhex(value, '-') FROM json_each($2))";

/// Which of the accounts `i.id` something hangs on.
pub(super) const WITH_FACTS: &str = "SELECT i.id FROM (SELECT unhex(value, '-') AS id FROM json_each($2)) AS i WHERE \
    EXISTS (SELECT 1 FROM contacts AS f WHERE f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT \
    1 FROM tickets AS f WHERE f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT 1 FROM invoices \
    AS f WHERE f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT 1 FROM surveys AS f WHERE \
    f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT 1 FROM activities AS f WHERE \
    f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT 1 FROM usage_days AS f WHERE \
    f.workspace_id = $1 AND f.account_id = i.id) OR EXISTS (SELECT 1 FROM todos AS f WHERE \
    f.workspace_id = $1 AND f.account_id = i.id)";

pub(super) const CUSTOM_KEYS: &str =
    "SELECT DISTINCT j.key FROM accounts AS a, json_each(a.doc, '$.custom') AS j WHERE a.workspace_id = $1";

pub(super) const CUSTOM_COUNTS: &str = "SELECT j.key, COUNT(*) FROM accounts AS a, json_each(a.doc, '$.custom') AS j \
    WHERE a.workspace_id = $1 AND a.archived_at IS NULL GROUP BY j.key";

pub(super) const ACCOUNT_ROWS: &str = "SELECT doc, health, rollup, churn FROM accounts WHERE workspace_id = $1 \
    AND id IN (SELECT unhex(value, '-') FROM json_each($2))";

/// What reports need of accounts.
pub(super) const REPORT_ROWS: &str = "SELECT a.id, a.currency, a.annual_minor, a.score, a.band, a.doc ->> 'tier' AS tier, \
    a.doc ->> 'category' AS category, a.doc ->> 'stage' AS stage, a.doc ->> 'churn_reason' AS churn_reason, \
    a.doc ->> 'country' AS country, a.doc ->> 'owner_id' AS owner, a.renewal_at, a.archived_at FROM accounts AS a WHERE a.workspace_id = $1 \
    AND a.id IN (SELECT unhex(value, '-') FROM json_each($2))";
