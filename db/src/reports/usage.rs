//! Usage as lines of a report: from weeks and months that are added up as usage arrives, never from the days.
//!
//! A period begins with the week, or by month the month, that its first day is in.

use domain::reports::{Dimension, Line, Measure, floor, period_key};
use domain::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::run::Desk;
use crate::error::Result;
use crate::tx::{Tx, on};

/// Most metrics that are offered and added up.
const METRICS_MAX: i64 = 200;

/// Leaps from one metric to the next in the index, however many rows each has.
const METRICS: &str = "WITH RECURSIVE m (metric) AS (\
    SELECT MIN(u.metric) FROM usage_spans AS u WHERE u.workspace_id = $1 AND u.span = 'm' UNION ALL \
    SELECT (SELECT MIN(u.metric) FROM usage_spans AS u WHERE u.workspace_id = $1 AND u.span = 'm' AND u.metric > m.metric) \
    FROM m WHERE m.metric IS NOT NULL) SELECT metric FROM m WHERE metric IS NOT NULL LIMIT $2";

/// A statement over the spans of some metrics, for SQLite and for PostgreSQL.
macro_rules! spans {
    ($what:literal, $end:literal) => {
        (
            concat!(
                "SELECT ",
                $what,
                " FROM usage_spans AS u WHERE u.workspace_id = $1 AND u.span = $2 \
                 AND u.metric IN (SELECT value FROM json_each($3)) AND u.start >= $4 AND u.start < $5",
                $end
            ),
            concat!(
                "SELECT ",
                $what,
                " FROM usage_spans AS u WHERE u.workspace_id = $1 AND u.span = $2 \
                 AND u.metric IN (SELECT jsonb_array_elements_text($3::text::jsonb)) AND u.start >= $4 AND u.start < $5",
                $end
            ),
        )
    };
}

type Statement = (&'static str, &'static str);
/// Of one metric, an account has one row in each period.
const BY_PERIOD_OF_ONE: Statement = spans!(
    "CAST(NULL AS TEXT) AS metric, u.start AS start, SUM(u.total) AS total, \
     CAST(SUM(CASE WHEN u.days > 0 THEN 1 ELSE 0 END) AS BIGINT) AS accounts",
    " GROUP BY u.start"
);
const BY_PERIOD: Statement = spans!(
    "CAST(NULL AS TEXT) AS metric, u.start AS start, SUM(u.total) AS total, \
     COUNT(DISTINCT CASE WHEN u.days > 0 THEN u.account_id END) AS accounts",
    " GROUP BY u.start"
);
const BY_METRIC: Statement = spans!(
    "u.metric AS metric, CAST(0 AS BIGINT) AS start, SUM(u.total) AS total, \
     COUNT(DISTINCT CASE WHEN u.days > 0 THEN u.account_id END) AS accounts",
    " GROUP BY u.metric"
);
const WHOLE: Statement = spans!("COUNT(DISTINCT u.account_id)", " AND u.days > 0");
const BY_ACCOUNT: Statement = spans!(
    "u.account_id AS account_id, CAST(NULL AS TEXT) AS metric, CAST(0 AS BIGINT) AS start, SUM(u.total) AS total, \
     CAST(SUM(u.days) AS BIGINT) AS days",
    " GROUP BY u.account_id"
);
const BY_ACCOUNT_AND_PERIOD: Statement = spans!(
    "u.account_id AS account_id, CAST(NULL AS TEXT) AS metric, u.start AS start, SUM(u.total) AS total, \
     CAST(SUM(u.days) AS BIGINT) AS days",
    " GROUP BY u.account_id, u.start"
);
const BY_ACCOUNT_AND_METRIC: Statement = spans!(
    "u.account_id AS account_id, u.metric AS metric, CAST(0 AS BIGINT) AS start, SUM(u.total) AS total, \
     CAST(SUM(u.days) AS BIGINT) AS days",
    " GROUP BY u.account_id, u.metric"
);

#[derive(FromRow)]
struct Summed {
    metric: Option<String>,
    start: i64,
    total: f64,
    accounts: i64,
}

#[derive(FromRow)]
struct OfAccount {
    account_id: Uuid,
    metric: Option<String>,
    start: i64,
    total: f64,
    days: i64,
}

/// What the statements are asked.
struct Asked {
    span: &'static str,
    metrics: String,
    from: i64,
    until: i64,
}

/// Returns the metrics that usage was ever reported of, by name.
pub async fn metrics(tx: &mut Tx) -> Result<Vec<String>> {
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_scalar(METRICS).bind(workspace).bind(METRICS_MAX).fetch_all(c).await)?)
}

/// Finds the usage that counts.
pub(super) async fn find(tx: &mut Tx, desk: &mut Desk<'_>) -> Result<()> {
    let by = desk.spec.by;
    let (from, until) = desk.spec.within.bounds(tx.now());
    let step = if by == Dimension::Month { by } else { Dimension::Week };
    let metrics = match &desk.spec.metric {
        Some(metric) => vec![metric.clone()],
        None => metrics(tx).await?,
    };
    let asked = Asked {
        span: if step == Dimension::Month { "m" } else { "w" },
        metrics: serde_json::to_string(&metrics)?,
        from: floor(step, from).0,
        until: until.0,
    };
    if by.is_of_account() || desk.named || !desk.chosen.is_everything() {
        return by_account(tx, desk, &asked).await;
    }
    let sql = match by {
        Dimension::Metric => BY_METRIC,
        _ if metrics.len() == 1 => BY_PERIOD_OF_ONE,
        _ => BY_PERIOD,
    };
    let (sql, workspace) = (pick(tx, sql), tx.workspace());
    let rows: Vec<Summed> = on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(asked.span).bind(&asked.metrics)
        .bind(asked.from).bind(asked.until).fetch_all(c).await)?;
    for row in rows {
        let group = place(desk, row.metric.as_deref(), row.start);
        let accounts = u32::try_from(row.accounts).unwrap_or(u32::MAX);
        desk.take(Line { group, accounts, total: row.total, ..Line::default() });
    }
    let asks_for_accounts = |measure: &Measure| matches!(measure, Measure::Accounts | Measure::PerAccount);
    if desk.spec.measures.iter().any(asks_for_accounts) {
        let sql = pick(tx, WHOLE);
        let accounts: i64 = on!(tx, c => sqlx::query_scalar(sql).bind(workspace).bind(asked.span).bind(&asked.metrics)
            .bind(asked.from).bind(asked.until).fetch_one(c).await)?;
        desk.whole(u32::try_from(accounts).unwrap_or(u32::MAX));
    }
    Ok(())
}

async fn by_account(tx: &mut Tx, desk: &mut Desk<'_>, asked: &Asked) -> Result<()> {
    let sql = match desk.spec.by {
        Dimension::Metric => BY_ACCOUNT_AND_METRIC,
        by if by.is_time() && !by.is_of_account() => BY_ACCOUNT_AND_PERIOD,
        _ => BY_ACCOUNT,
    };
    let (sql, workspace) = (pick(tx, sql), tx.workspace());
    let rows: Vec<OfAccount> = on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(asked.span).bind(&asked.metrics)
        .bind(asked.from).bind(asked.until).fetch_all(c).await)?;
    for row in rows {
        let account = desk.portfolio.place(row.account_id);
        let group = match desk.spec.by {
            by if by.is_of_account() => desk.group(account),
            _ => place(desk, row.metric.as_deref(), row.start),
        };
        if desk.chosen.has(account) && (row.days > 0 || row.total != 0.0) {
            // An account that only ever reported nothing was not active.
            let account = account.filter(|_| row.days > 0);
            desk.keep(Line { group, account, total: row.total, ..Line::default() });
        }
    }
    Ok(())
}

fn place(desk: &mut Desk<'_>, metric: Option<&str>, start: i64) -> u32 {
    match desk.spec.by {
        Dimension::Metric => desk.label(metric, None),
        by => desk.label(period_key(by, Timestamp(start)).as_deref(), None),
    }
}

fn pick(tx: &Tx, (sqlite, postgres): Statement) -> &'static str {
    if tx.is_sqlite() { sqlite } else { postgres }
}
