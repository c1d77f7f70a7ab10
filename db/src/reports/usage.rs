//! Usage as lines of a report: from weeks and months that are added up as usage arrives, never from the days. By account
//! and time they come from memory, by metric from the database.
//!
//! A period begins with the week, or by month the month, that its first day is in.

use std::collections::BTreeMap;

use domain::reports::{Dimension, Line, floor, period_key};
use domain::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::run::Desk;
use super::used::{self, Asked, Used};
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
const BY_METRIC: Statement = spans!(
    "u.metric AS metric, SUM(u.total) AS total, COUNT(DISTINCT CASE WHEN u.days > 0 THEN u.account_id END) AS accounts",
    " GROUP BY u.metric"
);
const WHOLE: Statement = spans!("COUNT(DISTINCT u.account_id)", " AND u.days > 0");
const BY_ACCOUNT_AND_METRIC: Statement = spans!(
    "u.account_id AS account_id, u.metric AS metric, SUM(u.total) AS total, CAST(SUM(u.days) AS BIGINT) AS days",
    " GROUP BY u.account_id, u.metric"
);

#[derive(FromRow)]
struct Summed {
    metric: String,
    total: f64,
    accounts: i64,
}

#[derive(FromRow)]
struct OfAccount {
    account_id: Uuid,
    metric: String,
    total: f64,
    days: i64,
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
    let metric = desk.spec.metric.clone();
    let metrics = match &metric {
        Some(metric) => vec![metric.clone()],
        None => metrics(tx).await?,
    };
    let metrics = serde_json::to_string(&metrics)?;
    let asked = Asked { step, metric, metrics, from: floor(step, from).0, until: until.0 };
    if by == Dimension::Metric {
        let is_summed = !desk.named && desk.chosen.is_everything();
        return if is_summed {
            by_metric(tx, desk, &asked).await
        } else {
            by_account_and_metric(tx, desk, &asked).await
        };
    }
    let used = used::present(tx, &asked).await?;
    if by.is_of_account() || desk.named {
        by_account(&used, desk, &asked);
    } else {
        by_period(&used, desk, &asked);
    }
    Ok(())
}

/// Each account is a line, or one in each period.
fn by_account(used: &Used, desk: &mut Desk<'_>, asked: &Asked) {
    let is_of_account = desk.spec.by.is_of_account();
    for (id, spans) in used.accounts(asked) {
        let account = desk.portfolio.place(id);
        if !desk.chosen.has(account) {
            continue;
        }
        if is_of_account {
            let (days, total) = spans.fold((0, 0.0), |sum, (_, days, total)| (sum.0 + days, sum.1 + total));
            let group = desk.group(account);
            keep(desk, group, account, (days, total));
        } else {
            for (start, days, total) in spans {
                let group = period(desk, start);
                keep(desk, group, account, (days, total));
            }
        }
    }
}

/// Keeps what an account reported; one that only ever reported nothing was not active.
fn keep(desk: &mut Desk<'_>, group: u32, account: Option<u32>, (days, total): (u32, f64)) {
    if days > 0 || total != 0.0 {
        desk.keep(Line { group, account: account.filter(|_| days > 0), total, ..Line::default() });
    }
}

/// Each period is a line that says how many accounts were active.
fn by_period(used: &Used, desk: &mut Desk<'_>, asked: &Asked) {
    let (mut periods, mut whole) = (BTreeMap::<i64, (f64, u32)>::new(), 0);
    for (id, spans) in used.accounts(asked) {
        if !desk.chosen.is_everything() && !desk.chosen.has(desk.portfolio.place(id)) {
            continue;
        }
        let mut is_active = false;
        for (start, days, total) in spans {
            let sum = periods.entry(start).or_default();
            *sum = (sum.0 + total, sum.1 + u32::from(days > 0));
            is_active |= days > 0;
        }
        whole += u32::from(is_active);
    }
    for (start, (total, accounts)) in periods {
        let group = period(desk, start);
        desk.keep(Line { group, accounts, total, ..Line::default() });
    }
    desk.whole(whole);
}

fn period(desk: &mut Desk<'_>, start: i64) -> u32 {
    let key = period_key(desk.spec.by, Timestamp(start));
    desk.label(key.as_deref(), None)
}

async fn by_metric(tx: &mut Tx, desk: &mut Desk<'_>, asked: &Asked) -> Result<()> {
    let (sql, workspace) = (pick(tx, BY_METRIC), tx.workspace());
    let rows: Vec<Summed> = on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(asked.span()).bind(&asked.metrics)
        .bind(asked.from).bind(asked.until).fetch_all(c).await)?;
    for row in rows {
        let group = desk.label(Some(&row.metric), None);
        let accounts = u32::try_from(row.accounts).unwrap_or(u32::MAX);
        desk.keep(Line { group, accounts, total: row.total, ..Line::default() });
    }
    let sql = pick(tx, WHOLE);
    let accounts: i64 = on!(tx, c => sqlx::query_scalar(sql).bind(workspace).bind(asked.span()).bind(&asked.metrics)
        .bind(asked.from).bind(asked.until).fetch_one(c).await)?;
    desk.whole(u32::try_from(accounts).unwrap_or(u32::MAX));
    Ok(())
}

async fn by_account_and_metric(tx: &mut Tx, desk: &mut Desk<'_>, asked: &Asked) -> Result<()> {
    let (sql, workspace) = (pick(tx, BY_ACCOUNT_AND_METRIC), tx.workspace());
    let rows: Vec<OfAccount> = on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(asked.span()).bind(&asked.metrics)
        .bind(asked.from).bind(asked.until).fetch_all(c).await)?;
    for row in rows {
        let account = desk.portfolio.place(row.account_id);
        if desk.chosen.has(account) {
            let group = desk.label(Some(&row.metric), None);
            keep(desk, group, account, (u32::try_from(row.days).unwrap_or_default(), row.total));
        }
    }
    Ok(())
}

fn pick(tx: &Tx, (sqlite, postgres): Statement) -> &'static str {
    if tx.is_sqlite() { sqlite } else { postgres }
}
