//! Gathering what is recorded on accounts, many at a time.

use std::collections::HashMap;

use domain::accounts::Account;
use domain::contacts::Contact;
use domain::health::{HealthSummary, Override, Points, Record};
use domain::id::AccountId;
use domain::revenue::Invoice;
use domain::support::Ticket;
use domain::surveys::Response;
use domain::time::Timestamp;
use domain::usage::UsageDay;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::subjects::from_document;
use crate::tx::{Tx, on};

/// Accounts the default scorecard is fitted on.
const SAMPLE: i64 = 1_000;
/// How far back records are gathered: the longest look-back of a measure and a year of surveys.
const BACK_DAYS: i64 = 400;

/// What is recorded on an account, and its health so far.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// What is recorded.
    pub record: Record,
    /// Its present health.
    pub health: Option<HealthSummary>,
    /// The override in force.
    pub override_: Option<Override>,
    /// Its scores of the last hundred days and the one before, oldest first.
    pub history: Vec<(Timestamp, Points)>,
}

// SQLite is told to begin with the accounts that are asked for: without statistics it would rather walk over
// everything that the workspace has.
macro_rules! by_account {
    ($columns:literal, $table:literal, $tail:literal) => {
        (
            concat!(
                "SELECT ",
                $columns,
                " FROM (SELECT unhex(value, '-') AS wanted FROM json_each($2)) AS ids CROSS JOIN ",
                $table,
                " WHERE workspace_id = $1 AND account_id = ids.wanted ",
                $tail
            ),
            concat!(
                "SELECT ",
                $columns,
                " FROM ",
                $table,
                " WHERE workspace_id = $1 \
                 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j) ",
                $tail
            ),
        )
    };
}
type Texts = (&'static str, &'static str);

const ACCOUNTS: Texts = (
    "SELECT doc, health FROM accounts WHERE workspace_id = $1 AND id IN (SELECT unhex(value, '-') FROM json_each($2)) AND $3 > 0",
    "SELECT doc, health FROM accounts WHERE workspace_id = $1 \
     AND id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j) AND $3 > 0::bigint",
);
const USAGE: Texts =
    by_account!("account_id, metric, day, value", "usage_days", "AND day >= $3 ORDER BY account_id, metric, day");
const CONTACTS: Texts = by_account!("account_id, doc", "contacts", "AND $3 <> 0");
const TICKETS: Texts = by_account!("account_id, doc", "tickets", "AND (resolved_at IS NULL OR opened_at >= $3)");
const SURVEYS: Texts = by_account!("account_id, doc", "surveys", "AND answered_at >= $3 ORDER BY answered_at");
const INVOICES: Texts =
    by_account!("account_id, doc", "invoices", "AND (paid_at IS NULL OR issued_at >= $3 OR failed_at >= $3)");
const TOUCHES: Texts =
    by_account!("account_id, happened_at", "activities", "AND happened_at >= $3 ORDER BY happened_at");
const HISTORY: Texts = by_account!("account_id, at, score", "scores", "AND at >= $3 ORDER BY at");
const OVERRIDES: Texts = by_account!(
    "account_id, score, reason, expires_at, (SELECT name FROM users AS u WHERE u.workspace_id = o.workspace_id \
     AND u.id = o.created_by) AS author",
    "overrides AS o",
    "AND ended_at IS NULL AND expires_at > $3 ORDER BY created_at"
);

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
    score: i64,
    reason: String,
    expires_at: i64,
    author: Option<String>,
}

/// Runs one of the texts above: `$1` workspace, `$2` ids, `$3` a moment.
macro_rules! fetch {
    ($tx:expr, $texts:expr, $ids:expr, $since:expr, $row:ty) => {{
        let sql = if $tx.is_sqlite() { $texts.0 } else { $texts.1 };
        let workspace = $tx.workspace();
        let rows: Vec<$row> = on!($tx, c => sqlx::query_as(sql).bind(workspace).bind($ids).bind($since).fetch_all(c).await)?;
        rows
    }};
}

/// Returns what is recorded on these accounts since about a year, in the order of the ids.
pub async fn gather(tx: &mut Tx, ids: &[AccountId]) -> Result<Vec<Gathered>> {
    let since = tx.now().plus_days(-BACK_DAYS).0;
    gather_since(tx, ids, since).await
}

/// Returns what is recorded on these accounts since a moment.
pub(crate) async fn gather_since(tx: &mut Tx, ids: &[AccountId], since: i64) -> Result<Vec<Gathered>> {
    let list = serde_json::to_string(ids)?;
    let now = tx.now();
    let rows = fetch!(tx, ACCOUNTS, &list, 1i64, (Json<Map<String, Value>>, Option<Json<HealthSummary>>));
    let mut gathered: HashMap<AccountId, Gathered> = HashMap::with_capacity(rows.len());
    for (Json(doc), health) in rows {
        let account: Account = from_document(doc)?;
        let health = health.map(|Json(health)| health);
        gathered.insert(
            account.id,
            Gathered { record: Record::new(account), health, override_: None, history: Vec::new() },
        );
    }
    for row in fetch!(tx, USAGE, &list, since, UsageRow) {
        let id = AccountId(row.account_id);
        if let Some(one) = gathered.get_mut(&id) {
            let day = UsageDay { account_id: id, metric: row.metric, day: Timestamp(row.day), value: row.value };
            one.record.usage.push(day);
        }
    }
    for (id, at) in fetch!(tx, TOUCHES, &list, since, (Uuid, i64)) {
        if let Some(one) = gathered.get_mut(&AccountId(id)) {
            one.record.touches.push(Timestamp(at));
        }
    }
    for (id, at, score) in fetch!(tx, HISTORY, &list, now.plus_days(-100).0, (Uuid, i64, Option<i64>)) {
        if let (Some(one), Some(score)) = (gathered.get_mut(&AccountId(id)), score) {
            one.history.push((Timestamp(at), Points(score)));
        }
    }
    for row in fetch!(tx, OVERRIDES, &list, now.0, OverrideRow) {
        if let Some(one) = gathered.get_mut(&AccountId(row.account_id)) {
            one.override_ = Some(Override {
                score: Points(row.score).as_f64(),
                reason: row.reason,
                author: row.author.unwrap_or_default(),
                until: Timestamp(row.expires_at),
            });
        }
    }
    add(tx, &mut gathered, CONTACTS, (&list, since), |record, contact: Contact| record.contacts.push(contact)).await?;
    add(tx, &mut gathered, TICKETS, (&list, since), |record, ticket: Ticket| record.tickets.push(ticket)).await?;
    add(tx, &mut gathered, SURVEYS, (&list, since), |record, survey: Response| record.surveys.push(survey)).await?;
    add(tx, &mut gathered, INVOICES, (&list, since), |record, invoice: Invoice| record.invoices.push(invoice)).await?;
    Ok(ids.iter().filter_map(|id| gathered.remove(id)).collect())
}

async fn add<T: DeserializeOwned>(
    tx: &mut Tx,
    gathered: &mut HashMap<AccountId, Gathered>,
    texts: Texts,
    (ids, since): (&str, i64),
    push: impl Fn(&mut Record, T),
) -> Result<()> {
    for (id, Json(doc)) in fetch!(tx, texts, ids, since, (Uuid, Json<Map<String, Value>>)) {
        if let Some(one) = gathered.get_mut(&AccountId(id)) {
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
