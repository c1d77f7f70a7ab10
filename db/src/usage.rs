//! Product usage per day, and taking an import of it back.

use std::collections::{BTreeMap, HashMap};

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::{AccountId, BatchId};
use domain::identity::Role;
use domain::time::Timestamp;
use domain::usage::UsageDay;
use serde_json::{Map, Value};
use sqlx::FromRow;
use uuid::Uuid;

use crate::bulk::{self, UsageRow};
use crate::error::Result;
use crate::tx::{NewEntry, Tx, on};

/// Most days that one call returns: ten metrics over two years.
const DAYS_MAX: i64 = 7_500;

#[derive(FromRow)]
pub(crate) struct Row {
    account_id: Uuid,
    metric: String,
    day: i64,
    value: f64,
}

impl From<Row> for UsageDay {
    fn from(row: Row) -> Self {
        Self { account_id: AccountId(row.account_id), metric: row.metric, day: Timestamp(row.day), value: row.value }
    }
}

/// Returns a number of a day as it is stored.
pub(crate) fn day(account: Uuid, metric: String, day: i64, value: f64) -> UsageDay {
    UsageDay { account_id: AccountId(account), metric, day: Timestamp(day), value }
}

/// Returns an account's usage since a day, oldest first within each metric.
pub async fn of_account(tx: &mut Tx, account: AccountId, since: Timestamp) -> Result<Vec<UsageDay>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT account_id, metric, day, value FROM usage_days WHERE workspace_id = $1 AND account_id = $2 AND day >= $3 \
         ORDER BY metric, day LIMIT $4")
        .bind(workspace).bind(account.0).bind(since.0).bind(DAYS_MAX).fetch_all(c).await)?;
    Ok(rows.into_iter().map(UsageDay::from).collect())
}

/// Sets usage days to what a source reports; a later report of the same day replaces the earlier one.
/// One line per account goes into the change log, so that its score is looked at again.
pub async fn set(tx: &mut Tx, days: &[UsageDay]) -> Result<()> {
    tx.require(Role::Csm)?;
    let mut counts = BTreeMap::new();
    for day in days {
        *counts.entry(day.account_id).or_default() += 1;
    }
    let accounts: Vec<Uuid> = counts.keys().map(|account: &AccountId| account.0).collect();
    crate::subjects::require_accounts(tx, &accounts).await?;
    write(tx, days).await?;
    record_days(tx, &counts);
    Ok(())
}

/// Sets usage days without a line in the change log, for whoever writes many and records them at the end.
pub(crate) async fn write(tx: &mut Tx, days: &[UsageDay]) -> Result<()> {
    tx.require(Role::Csm)?;
    let mut rows: Vec<UsageRow> = days.iter().map(row).collect();
    // One statement may not touch a row twice; the last report of a day wins.
    rows.reverse();
    rows.sort_by(|a, b| (a.account_id, &a.metric, a.day).cmp(&(b.account_id, &b.metric, b.day)));
    rows.dedup_by(|a, b| (a.account_id, &a.metric, a.day) == (b.account_id, &b.metric, b.day));
    bulk::set_usage(tx, &rows).await
}

/// Notes for the change log how many days each account got.
pub(crate) fn record_days(tx: &mut Tx, counts: &BTreeMap<AccountId, usize>) {
    for (account, days) in counts {
        record(tx, account.0, *days);
    }
}

/// Returns the values that these days have now, by account, metric and day.
pub(crate) async fn values(tx: &mut Tx, days: &[UsageDay]) -> Result<HashMap<(Uuid, String, i64), f64>> {
    let rows: Vec<UsageRow> = days.iter().map(row).collect();
    let found: Vec<Row> = bulk::select_usage(tx, &rows).await?;
    Ok(found.into_iter().map(|row| ((row.account_id, row.metric, row.day), row.value)).collect())
}

fn row(day: &UsageDay) -> UsageRow {
    UsageRow { account_id: day.account_id.0, metric: day.metric.clone(), day: day.day.day_start().0, value: day.value }
}

/// Takes a batch's usage back where nothing newer was reported; returns how many days went back.
/// The journal stays, so that the undo can be undone.
pub(crate) async fn undo(tx: &mut Tx, batch: BatchId) -> Result<u32> {
    let workspace = tx.workspace();
    // Led by the journal: asked of each day whether it is in there, SQLite walks over the workspace's usage.
    let removed = on!(tx, c => sqlx::query(
        "DELETE FROM usage_days WHERE (workspace_id, account_id, metric, day, value) IN \
         (SELECT j.workspace_id, j.account_id, j.metric, j.day, j.value_after FROM usage_undo AS j \
         WHERE j.workspace_id = $1 AND j.batch_id = $2 AND j.value_before IS NULL)")
        .bind(workspace).bind(batch.0).execute(c).await.map(|done| done.rows_affected()))?;
    let restored = on!(tx, c => sqlx::query(
        "UPDATE usage_days SET value = j.value_before FROM usage_undo AS j WHERE usage_days.workspace_id = $1 \
         AND j.workspace_id = $1 AND j.batch_id = $2 AND j.account_id = usage_days.account_id \
         AND j.metric = usage_days.metric AND j.day = usage_days.day AND j.value_before IS NOT NULL \
         AND j.value_after = usage_days.value")
        .bind(workspace).bind(batch.0).execute(c).await.map(|done| done.rows_affected()))?;
    record_journal(tx, batch).await?;
    Ok(u32::try_from(removed + restored).unwrap_or(u32::MAX))
}

/// Puts a batch's usage back after it was undone, where nothing newer was reported.
pub(crate) async fn redo(tx: &mut Tx, batch: BatchId) -> Result<u32> {
    let workspace = tx.workspace();
    let restored = on!(tx, c => sqlx::query(
        "UPDATE usage_days SET value = j.value_after FROM usage_undo AS j WHERE usage_days.workspace_id = $1 \
         AND j.workspace_id = $1 AND j.batch_id = $2 AND j.account_id = usage_days.account_id \
         AND j.metric = usage_days.metric AND j.day = usage_days.day AND j.value_before = usage_days.value")
        .bind(workspace).bind(batch.0).execute(c).await.map(|done| done.rows_affected()))?;
    let added = on!(tx, c => sqlx::query(
        "INSERT INTO usage_days (workspace_id, account_id, metric, day, value) \
         SELECT j.workspace_id, j.account_id, j.metric, j.day, j.value_after FROM usage_undo AS j \
         WHERE j.workspace_id = $1 AND j.batch_id = $2 AND j.value_before IS NULL AND EXISTS \
         (SELECT 1 FROM accounts AS a WHERE a.workspace_id = $1 AND a.id = j.account_id) \
         ON CONFLICT (workspace_id, account_id, metric, day) DO NOTHING")
        .bind(workspace).bind(batch.0).execute(c).await.map(|done| done.rows_affected()))?;
    record_journal(tx, batch).await?;
    Ok(u32::try_from(added + restored).unwrap_or(u32::MAX))
}

/// Notes for the change log that the usage of a batch's accounts changed.
async fn record_journal(tx: &mut Tx, batch: BatchId) -> Result<()> {
    let workspace = tx.workspace();
    let accounts: Vec<(Uuid, i64)> = on!(tx, c => sqlx::query_as(
        "SELECT account_id, COUNT(*) FROM usage_undo WHERE workspace_id = $1 AND batch_id = $2 \
         GROUP BY account_id ORDER BY account_id")
        .bind(workspace).bind(batch.0).fetch_all(c).await)?;
    for (account, days) in accounts {
        record(tx, account, usize::try_from(days).unwrap_or_default());
    }
    Ok(())
}

fn record(tx: &mut Tx, account: Uuid, days: usize) {
    tx.record(NewEntry {
        change: Change::Updated,
        subject: Subject::Usage,
        subject_id: account,
        account: Some(AccountId(account)),
        before: Map::new(),
        after: Map::from_iter([("days".to_owned(), Value::from(days))]),
    });
}
