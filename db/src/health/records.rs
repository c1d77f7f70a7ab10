//! Gathering what is recorded on accounts, many at a time.

use std::collections::HashMap;

use domain::accounts::Account;
use domain::churn::ChurnSummary;
use domain::contacts::Contact;
use domain::health::{BACK_DAYS, HealthSummary, ManualScore, Needs, Override, Points, Record, ScorecardVersion};
use domain::id::AccountId;
use domain::revenue::Invoice;
use domain::signals::names::is_tagged;
use domain::support::Ticket;
use domain::surveys::Response;
use domain::time::Timestamp;
use domain::usage::UsageDay;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::field_times;
use crate::error::Result;
use crate::signals;
use crate::subjects::from_document;
use crate::tx::{Tx, on};

/// Accounts the default scorecard is fitted on.
const SAMPLE: i64 = 1_000;

/// What is recorded on an account, and its health so far.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// What is recorded.
    pub record: Record,
    /// Its present health.
    pub health: Option<HealthSummary>,
    /// What the churn model says of it.
    pub churn: Option<ChurnSummary>,
    /// The override in force.
    pub override_: Option<Override>,
    /// Its scores of the last hundred days and the one before, oldest first.
    pub history: Vec<(Timestamp, Points)>,
}

// SQLite is told to begin with the rows that are asked for: without statistics it would rather walk over everything
// that the workspace has.
macro_rules! by_id {
    ($columns:literal, $table:literal, $key:literal, $tail:literal) => {
        (
            concat!(
                "SELECT ",
                $columns,
                " FROM (SELECT unhex(value, '-') AS wanted FROM json_each($2)) AS ids CROSS JOIN ",
                $table,
                " WHERE workspace_id = $1 AND ",
                $key,
                " = ids.wanted ",
                $tail
            ),
            concat!(
                "SELECT ",
                $columns,
                " FROM ",
                $table,
                " WHERE workspace_id = $1 AND ",
                $key,
                " IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j) ",
                $tail
            ),
        )
    };
}
macro_rules! by_account {
    ($columns:literal, $table:literal, $tail:literal) => {
        crate::health::records::by_id!($columns, $table, "account_id", $tail)
    };
}
pub(super) use by_account;
pub(crate) use by_id;

/// A statement for SQLite and for PostgreSQL.
pub(crate) type Texts = (&'static str, &'static str);

const ACCOUNTS: Texts = by_id!("doc, health, churn", "accounts", "id", "AND $3 <> 0");
const USAGE: Texts =
    by_account!("account_id, metric, day, value", "usage_days", "AND day >= $3 ORDER BY account_id, metric, day");
const LAST_USE: Texts =
    by_account!("account_id, MAX(day)", "usage_days", "AND day >= $3 AND value > 0 GROUP BY account_id");
const CONTACTS: Texts = by_account!("account_id, doc", "contacts", "AND $3 <> 0");
const TICKETS: Texts = by_account!("account_id, doc", "tickets", "AND (resolved_at IS NULL OR opened_at >= $3)");
const SURVEYS: Texts = by_account!("account_id, doc", "surveys", "AND answered_at >= $3 ORDER BY answered_at");
const INVOICES: Texts =
    by_account!("account_id, doc", "invoices", "AND (paid_at IS NULL OR issued_at >= $3 OR failed_at >= $3)");
const TOUCHES: Texts =
    by_account!("account_id, happened_at", "activities", "AND happened_at >= $3 ORDER BY happened_at");
const NEWS: Texts = by_account!(
    "account_id, published_at, seen_at, event, tone",
    "signals",
    "AND published_at >= $3 ORDER BY published_at"
);
const LOOKS: Texts =
    by_account!("account_id, at, rank, took_ms, tls_expires_at", "website_checks", "AND at >= $3 ORDER BY at");
const HISTORY: Texts = by_account!("account_id, at, score", "scores", "AND at >= $3 ORDER BY at");
const OVERRIDES: Texts = by_account!(
    "account_id, doc, (SELECT name FROM users AS u WHERE u.workspace_id = o.workspace_id AND u.id = o.created_by) AS author",
    "overrides AS o",
    "AND ended_at IS NULL AND +expires_at > $3 ORDER BY created_at"
);

#[cfg(test)]
pub(super) const ALL: [Texts; 12] =
    [ACCOUNTS, USAGE, LAST_USE, CONTACTS, TICKETS, SURVEYS, INVOICES, TOUCHES, NEWS, LOOKS, HISTORY, OVERRIDES];

#[derive(FromRow)]
struct Known {
    doc: Json<Map<String, Value>>,
    health: Option<Json<HealthSummary>>,
    churn: Option<Json<ChurnSummary>>,
}

#[derive(FromRow)]
struct UsageRow {
    account_id: Uuid,
    metric: String,
    day: i64,
    value: f64,
}

#[derive(FromRow)]
struct OverrideRow {
    account_id: Uuid,
    doc: Json<ManualScore>,
    author: Option<String>,
}

/// Runs a pair of texts: `$1` workspace, `$2` ids, `$3` a moment.
macro_rules! fetch {
    ($tx:expr, $texts:expr, $ids:expr, $since:expr, $row:ty) => {{
        let sql = if $tx.is_sqlite() { $texts.0 } else { $texts.1 };
        let workspace = $tx.workspace();
        let rows: Vec<$row> = on!($tx, c => sqlx::query_as(sql).bind(workspace).bind($ids).bind($since).fetch_all(c).await)?;
        rows
    }};
}
pub(crate) use fetch;

/// The accounts under way, by id.
type Under = HashMap<AccountId, Gathered>;

/// Returns what is recorded on these accounts since about a year, in the order of the ids.
pub async fn gather(tx: &mut Tx, ids: &[AccountId]) -> Result<Vec<Gathered>> {
    gather_needed(tx, ids, Needs::everything(BACK_DAYS)).await
}

/// Returns what is recorded on these accounts since a moment.
pub(crate) async fn gather_since(tx: &mut Tx, ids: &[AccountId], since: i64) -> Result<Vec<Gathered>> {
    let days = tx.now().days_since(Timestamp(since)).max(0).saturating_add(1);
    gather_needed(tx, ids, Needs::everything(u32::try_from(days).unwrap_or(u32::MAX))).await
}

/// Returns what these scorecards need to know of these accounts.
pub(crate) async fn gather_for(tx: &mut Tx, ids: &[AccountId], cards: &[ScorecardVersion]) -> Result<Vec<Gathered>> {
    gather_needed(tx, ids, Needs::of(cards.iter().map(|card| &card.card), BACK_DAYS)).await
}

/// Returns what is recorded on these accounts, as far as it is needed.
pub(crate) async fn gather_needed(tx: &mut Tx, ids: &[AccountId], needs: Needs) -> Result<Vec<Gathered>> {
    let list = serde_json::to_string(ids)?;
    let mut under = accounts(tx, &list).await?;
    let days = BACK_DAYS.max(needs.usage_days.unwrap_or_default());
    let since = tx.now().plus_days(-i64::from(days)).0;
    if let Some(days) = needs.usage_days {
        let since = tx.now().plus_days(-i64::from(days)).0;
        add_usage(tx, &mut under, &list, since).await?;
    }
    if needs.last_use {
        add_last_use(tx, &mut under, since).await?;
    }
    if needs.touches {
        for (id, at) in fetch!(tx, TOUCHES, &list, since, (Uuid, i64)) {
            if let Some(one) = under.get_mut(&AccountId(id)) {
                one.record.touches.push(Timestamp(at));
            }
        }
    }
    if needs.contacts {
        add(tx, &mut under, CONTACTS, (&list, since), |record, contact: Contact| record.contacts.push(contact)).await?;
    }
    if needs.tickets {
        add(tx, &mut under, TICKETS, (&list, since), |record, ticket: Ticket| record.tickets.push(ticket)).await?;
    }
    if needs.surveys {
        add(tx, &mut under, SURVEYS, (&list, since), |record, survey: Response| record.surveys.push(survey)).await?;
    }
    if needs.invoices {
        add(tx, &mut under, INVOICES, (&list, since), |record, invoice: Invoice| record.invoices.push(invoice)).await?;
    }
    if needs.news {
        for row in fetch!(tx, NEWS, &list, since, signals::NewsRow) {
            if let Some(one) = under.get_mut(&row.account()) {
                one.record.news.extend(row.news());
            }
        }
        let rivals = signals::rival_news(tx).await?;
        for one in under.values_mut().filter(|one| !one.record.account.tags.is_empty()) {
            let tags = &one.record.account.tags;
            let used = rivals.iter().filter(|(name, _)| is_tagged(tags, name)).map(|(_, news)| *news);
            one.record.rivals = used.collect();
        }
    }
    if needs.looks {
        for row in fetch!(tx, LOOKS, &list, since, signals::LookRow) {
            if let Some(one) = under.get_mut(&row.account()) {
                one.record.looks.push(row.look());
            }
        }
    }
    Ok(ids.iter().filter_map(|id| under.remove(id)).collect())
}

/// Returns the accounts with their health so far, their overrides and the age of their fields.
async fn accounts(tx: &mut Tx, list: &str) -> Result<Under> {
    let now = tx.now();
    let rows = fetch!(tx, ACCOUNTS, list, 1i64, Known);
    let mut under: Under = HashMap::with_capacity(rows.len());
    for Known { doc: Json(doc), health, churn } in rows {
        let account: Account = from_document(doc)?;
        let (health, churn) = (health.map(|Json(health)| health), churn.map(|Json(churn)| churn));
        let id = account.id;
        let history = Vec::new();
        under.insert(id, Gathered { record: Record::new(account), health, churn, override_: None, history });
    }
    for (id, times) in field_times::of(tx, list).await? {
        if let Some(one) = under.get_mut(&id) {
            one.record.field_times = times;
        }
    }
    for (id, at, score) in fetch!(tx, HISTORY, list, now.plus_days(-100).0, (Uuid, i64, Option<i64>)) {
        if let (Some(one), Some(score)) = (under.get_mut(&AccountId(id)), score) {
            one.history.push((Timestamp(at), Points(score)));
        }
    }
    for OverrideRow { account_id, doc: Json(manual), author } in fetch!(tx, OVERRIDES, list, now.0, OverrideRow) {
        if let Some(one) = under.get_mut(&AccountId(account_id)) {
            one.override_ = Some(Override {
                score: manual.score.as_f64(),
                reason: manual.reason,
                author: author.unwrap_or_default(),
                until: manual.expires_at,
            });
        }
    }
    Ok(under)
}

async fn add_usage(tx: &mut Tx, under: &mut Under, list: &str, since: i64) -> Result<()> {
    for row in fetch!(tx, USAGE, list, since, UsageRow) {
        let id = AccountId(row.account_id);
        if let Some(one) = under.get_mut(&id) {
            let day = UsageDay { account_id: id, metric: row.metric, day: Timestamp(row.day), value: row.value };
            one.record.usage.push(day);
        }
    }
    Ok(())
}

/// Looks further back for accounts that did not use the product in the days that were read.
async fn add_last_use(tx: &mut Tx, under: &mut Under, since: i64) -> Result<()> {
    let is_silent = |one: &&Gathered| !one.record.usage.iter().any(|day| day.value > 0.0);
    let silent: Vec<AccountId> = under.values().filter(is_silent).map(|one| one.record.account.id).collect();
    if silent.is_empty() {
        return Ok(());
    }
    let list = serde_json::to_string(&silent)?;
    for (id, day) in fetch!(tx, LAST_USE, &list, since, (Uuid, i64)) {
        if let Some(one) = under.get_mut(&AccountId(id)) {
            one.record.last_used_at = Some(Timestamp(day));
        }
    }
    Ok(())
}

async fn add<T: DeserializeOwned>(
    tx: &mut Tx,
    under: &mut Under,
    texts: Texts,
    (ids, since): (&str, i64),
    push: impl Fn(&mut Record, T),
) -> Result<()> {
    for (id, Json(doc)) in fetch!(tx, texts, ids, since, (Uuid, Json<Map<String, Value>>)) {
        if let Some(one) = under.get_mut(&AccountId(id)) {
            push(&mut one.record, from_document(doc)?);
        }
    }
    Ok(())
}

/// Returns the newest accounts, as the sample that the default scorecard is fitted on.
pub(super) async fn sample(tx: &mut Tx) -> Result<Vec<AccountId>> {
    let workspace = tx.workspace();
    let rows: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT id FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL ORDER BY id DESC LIMIT $2")
        .bind(workspace).bind(SAMPLE).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}
