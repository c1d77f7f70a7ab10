//! Lists of alerts, their counts, and what became of them.

use std::collections::{BTreeSet, HashMap};

use domain::accounts::AccountRow;
use domain::alerts::list::{AlertCounts, AlertPage, AlertQuery, AlertRow, Shelf};
use domain::alerts::usefulness::{Analytics, analyse};
use domain::alerts::{Alert, Kind, Priority};
use domain::health::{Band, Points};
use domain::id::{AccountId, AlertId, UserId};
use domain::money::{Currency, Money};
use serde_json::{Map, Value};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::rules;
use crate::error::Result;
use crate::subjects::{Table, from_document};
use crate::tx::{Tx, on};
use crate::{bulk, log};

/// Most rows of a page.
const ROWS_MAX: u32 = 200;
/// Most alerts of one account that are returned.
const ACCOUNT_MAX: i64 = 100;
/// Most alerts that analytics look at: the newest.
const ANALYTICS_MAX: i64 = 50_000;
/// Longest stretch of analytics in days.
const DAYS_MAX: u32 = 366;

/// A row as stored, with what people know its account by.
#[derive(FromRow)]
pub(super) struct Row {
    doc: Json<Map<String, Value>>,
    name: Option<String>,
    owner_id: Option<Uuid>,
    score: Option<i64>,
    band: Option<String>,
    annual_minor: Option<i64>,
    currency: Option<String>,
}

pub(super) fn shown(row: Row) -> Result<AlertRow> {
    let alert: Alert = from_document(row.doc.0)?;
    let currency: Currency = row.currency.as_deref().and_then(|code| code.parse().ok()).unwrap_or(Currency::USD);
    Ok(AlertRow {
        alert,
        account: row.name.unwrap_or_default(),
        owner: row.owner_id.map(UserId),
        score: row.score.map(Points),
        band: row.band.as_deref().and_then(Band::from_key),
        annual: row.annual_minor.map(|minor| Money { minor, currency }),
    })
}

/// Joins the alerts `a` with their accounts `c`, and ends with the workspace.
macro_rules! rows {
    ($tail:literal) => {
        concat!(
            "SELECT a.doc, c.name, c.owner_id, c.score, c.band, c.annual_minor, c.currency FROM alerts AS a \
             LEFT JOIN accounts AS c ON c.workspace_id = a.workspace_id AND c.id = a.account_id \
             WHERE a.workspace_id = $1 ",
            $tail
        )
    };
}

/// What a query asks for, after the part of the alerts; `$2` to `$8`.
macro_rules! asked {
    ($shelf:literal) => {
        concat!(
            $shelf,
            " AND ($2 IS NULL OR a.kind = $2 OR ($2 = 'risk' AND a.kind = 'portfolio')) \
             AND ($3 IS NULL OR a.priority = $3) AND ($4 IS NULL OR a.rule_id = $4) AND ($5 IS NULL OR a.account_id = $5) \
             AND ($6 IS NULL OR COALESCE(a.assignee, c.owner_id) = $6) \
             AND ($7 = '' OR lower(c.name) LIKE $7 ESCAPE '!' OR lower(a.rule_name) LIKE $7 ESCAPE '!') \
             AND ($8 = 1 OR a.group_id IS NULL OR NOT EXISTS (SELECT 1 FROM alerts AS g \
               WHERE g.workspace_id = $1 AND g.id = a.group_id AND g.closed_at IS NULL))"
        )
    };
}
macro_rules! page {
    ($shelf:literal, $order:literal) => {
        (
            concat!(
                "SELECT a.doc, c.name, c.owner_id, c.score, c.band, c.annual_minor, c.currency FROM alerts AS a \
                 LEFT JOIN accounts AS c ON c.workspace_id = a.workspace_id AND c.id = a.account_id \
                 WHERE a.workspace_id = $1 AND ",
                asked!($shelf),
                $order,
                " LIMIT $9 OFFSET $10"
            ),
            concat!(
                "SELECT COUNT(*) FROM alerts AS a \
                 LEFT JOIN accounts AS c ON c.workspace_id = a.workspace_id AND c.id = a.account_id \
                 WHERE a.workspace_id = $1 AND ",
                asked!($shelf)
            ),
        )
    };
}

/// Returns a page of alerts; everybody may look.
pub async fn list(tx: &mut Tx, query: &AlertQuery) -> Result<AlertPage> {
    let (page, count) = match query.shelf {
        Shelf::Open => page!("a.closed_at IS NULL AND a.snoozed_at IS NULL", " ORDER BY a.worth DESC, a.id DESC"),
        Shelf::Snoozed => {
            page!("a.closed_at IS NULL AND a.snoozed_at IS NOT NULL", " ORDER BY a.snoozed_at DESC, a.id DESC")
        }
        Shelf::Closed => page!("a.closed_at IS NOT NULL", " ORDER BY a.closed_at DESC, a.id DESC"),
    };
    let workspace = tx.workspace();
    let (kind, priority) = (query.kind.map(Kind::key), query.priority.map(Priority::key));
    let (rule, account) = (query.rule.map(|rule| rule.0), query.account.map(|account| account.0));
    let mine = if query.mine { tx.actor().user.map(|user| user.0) } else { None };
    let search = pattern(&query.search);
    let members = i64::from(query.members || query.shelf == Shelf::Closed);
    let limit = i64::from(query.limit.clamp(1, ROWS_MAX));
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(page)
        .bind(workspace).bind(kind).bind(priority).bind(rule).bind(account).bind(mine).bind(&search).bind(members)
        .bind(limit).bind(i64::from(query.offset)).fetch_all(c).await)?;
    let total: i64 = on!(tx, c => sqlx::query_scalar(count)
        .bind(workspace).bind(kind).bind(priority).bind(rule).bind(account).bind(mine).bind(&search).bind(members)
        .fetch_one(c).await)?;
    Ok(AlertPage {
        rows: rows.into_iter().map(shown).collect::<Result<_>>()?,
        total: u32::try_from(total).unwrap_or(u32::MAX),
        offset: query.offset,
        counts: counts(tx).await?,
        seq: log::last_seq(tx).await?,
    })
}

/// Returns the pattern that a part of a name matches; empty for all.
fn pattern(search: &str) -> String {
    const SEARCH_CHARS_MAX: usize = 100;
    let search = search.trim().to_lowercase();
    if search.is_empty() {
        return String::new();
    }
    let plain: String = search
        .chars()
        .take(SEARCH_CHARS_MAX)
        .flat_map(|c| if matches!(c, '%' | '_' | '!') { vec!['!', c] } else { vec![c] })
        .collect();
    format!("%{plain}%")
}

/// Returns how many open alerts there are, for the lists' names and the rail; everybody may look.
pub async fn counts(tx: &mut Tx) -> Result<AlertCounts> {
    let workspace = tx.workspace();
    let rows: Vec<(String, String, i64, i64)> = on!(tx, c => sqlx::query_as(
        "SELECT kind, priority, CAST(CASE WHEN snoozed_at IS NULL THEN 0 ELSE 1 END AS BIGINT) AS aside, COUNT(*) \
         FROM alerts AS a WHERE a.workspace_id = $1 AND a.closed_at IS NULL AND (a.group_id IS NULL OR NOT EXISTS (\
           SELECT 1 FROM alerts AS g WHERE g.workspace_id = $1 AND g.id = a.group_id AND g.closed_at IS NULL)) \
         GROUP BY kind, priority, aside")
        .bind(workspace).fetch_all(c).await)?;
    let mut counts = AlertCounts::default();
    for (kind, priority, aside, count) in rows {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if aside != 0 {
            counts.snoozed += count;
            continue;
        }
        match Kind::from_key(&kind) {
            Some(Kind::Opportunity) => counts.opportunity += count,
            _ => counts.risk += count,
        }
        if let Some(priority) = Priority::from_key(&priority) {
            *counts.by_priority.entry(priority).or_default() += count;
            if priority <= Priority::High {
                counts.pressing += count;
            }
        }
    }
    Ok(counts)
}

/// Returns the open alerts of an account, put aside or not, those that are worth most first; everybody may look.
pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<AlertRow>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(rows!(
        "AND a.account_id = $2 AND a.closed_at IS NULL ORDER BY a.worth DESC, a.id DESC LIMIT $3"))
        .bind(workspace).bind(account.0).bind(ACCOUNT_MAX).fetch_all(c).await)?;
    rows.into_iter().map(shown).collect()
}

/// Returns one alert with its account, if the workspace has it.
pub(crate) async fn find(tx: &mut Tx, id: AlertId) -> Result<Option<AlertRow>> {
    let workspace = tx.workspace();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(rows!("AND a.id = $2"))
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    row.map(shown).transpose()
}

/// Returns these alerts with their accounts, in any order.
pub(crate) async fn rows(tx: &mut Tx, ids: &[AlertId]) -> Result<Vec<AlertRow>> {
    let alerts: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let alerts = bulk::select(tx, Table::Alerts, &alerts).await?;
    let alerts: Vec<Alert> = alerts.into_iter().map(from_document).collect::<Result<_>>()?;
    let accounts: BTreeSet<Uuid> = alerts.iter().filter_map(|alert| alert.account_id).map(|id| id.0).collect();
    let accounts: Vec<Uuid> = accounts.into_iter().collect();
    let accounts = bulk::account_rows(tx, &accounts).await?.into_iter().map(crate::accounts::shown);
    let accounts: HashMap<AccountId, AccountRow> = accounts.map(|row| (row.account.id, row)).collect();
    let beside = |alert: Alert| {
        let row = alert.account_id.and_then(|id| accounts.get(&id));
        AlertRow {
            account: row.map(|row| row.account.name.clone()).unwrap_or_default(),
            owner: row.and_then(|row| row.account.owner_id),
            score: row.and_then(|row| row.health.as_ref()).map(|health| health.score),
            band: row.and_then(|row| row.health.as_ref()).map(|health| health.band),
            annual: row.and_then(|row| row.account.annual()),
            alert,
        }
    };
    Ok(alerts.into_iter().map(beside).collect())
}

/// Returns the alerts that a group gathers, those that are worth most first.
pub(super) async fn members(tx: &mut Tx, group: AlertId) -> Result<Vec<AlertRow>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(rows!(
        "AND a.group_id = $2 ORDER BY a.closed_at IS NOT NULL, a.worth DESC, a.id DESC LIMIT $3"))
        .bind(workspace).bind(group.0).bind(i64::from(ROWS_MAX)).fetch_all(c).await)?;
    rows.into_iter().map(shown).collect()
}

/// Returns what became of alerts in the last days, by day, rule, owner and outcome; everybody may look.
pub async fn analytics(tx: &mut Tx, days: u32) -> Result<Analytics> {
    let days = days.clamp(1, DAYS_MAX);
    let (workspace, since) = (tx.workspace(), tx.now().day_start().plus_days(1 - i64::from(days)).0);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(rows!(
        "AND (a.closed_at IS NULL OR a.closed_at >= $2) ORDER BY a.id DESC LIMIT $3"))
        .bind(workspace).bind(since).bind(ANALYTICS_MAX).fetch_all(c).await)?;
    let mut alerts: Vec<(Alert, Option<UserId>)> = Vec::with_capacity(rows.len());
    for row in rows {
        let row = shown(row)?;
        let owner = row.dealt_with_by();
        alerts.push((row.alert, owner));
    }
    let rules = rules::rules(tx).await?;
    Ok(analyse(&alerts, &rules, tx.now(), days))
}
