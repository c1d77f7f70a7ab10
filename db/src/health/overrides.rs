//! A person's own score for an account, with a reason and an expiry.

use domain::changes::Change;
use domain::fields::Subject;
use domain::health::Points;
use domain::id::{AccountId, OverrideId};
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::accounts;
use crate::error::Result;
use crate::tx::{NewEntry, Tx, on};

/// Longest life of an override.
const DAYS_MAX: i64 = 365;
/// Longest reason in characters.
const REASON_CHARS_MAX: usize = 1_000;

/// Sets a score by hand until a moment; an earlier override of the account ends.
pub async fn set_override(tx: &mut Tx, account: AccountId, score: f64, reason: &str, until: Timestamp) -> Result<()> {
    tx.require(Role::Csm)?;
    let user = tx.actor().user.ok_or(Refusal::SignedOut)?;
    let reason = reason.trim();
    if !(0.0..=100.0).contains(&score) {
        return Err(Refusal::field("score", "Enter a score between 0 and 100.").into());
    }
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        return Err(Refusal::field("reason", "Say why, in at most 1,000 characters.").into());
    }
    if until <= tx.now() || until > tx.now().plus_days(DAYS_MAX) {
        return Err(Refusal::field("until", "Choose a day within the next year.").into());
    }
    accounts::get(tx, account).await?;
    end(tx, account).await?;
    let (id, workspace, now, points) =
        (OverrideId(Uuid::now_v7()), tx.workspace(), tx.now().0, Points::from_f64(score).0);
    on!(tx, c => sqlx::query(
        "INSERT INTO overrides (workspace_id, id, account_id, score, reason, created_at, created_by, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(workspace).bind(id.0).bind(account.0).bind(points).bind(reason).bind(now).bind(user.0).bind(until.0)
        .execute(c).await.map(|_| ()))?;
    let after = object(json!({"score": points, "reason": reason, "until": until}));
    record(tx, account, id.0, Change::Created, after);
    Ok(())
}

/// Ends the account's override, so that the computed score counts again.
pub async fn end_override(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.require(Role::Csm)?;
    accounts::get(tx, account).await?;
    if end(tx, account).await? == 0 {
        return Err(Refusal::Conflict("There is no override in force.".to_owned()).into());
    }
    Ok(())
}

async fn end(tx: &mut Tx, account: AccountId) -> Result<u64> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let ended = on!(tx, c => sqlx::query(
        "UPDATE overrides SET ended_at = $3 WHERE workspace_id = $1 AND account_id = $2 AND ended_at IS NULL")
        .bind(workspace).bind(account.0).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    if ended > 0 {
        record(tx, account, account.0, Change::Deleted, Map::new());
    }
    Ok(ended)
}

/// Ends the overrides that have expired and returns their accounts, whose computed scores count again.
pub(super) async fn end_expired(tx: &mut Tx) -> Result<Vec<AccountId>> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let rows: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT DISTINCT account_id FROM overrides WHERE workspace_id = $1 AND ended_at IS NULL AND expires_at <= $2")
        .bind(workspace).bind(now).fetch_all(c).await)?;
    let accounts: Vec<AccountId> = rows.into_iter().map(|(id,)| AccountId(id)).collect();
    for account in &accounts {
        end(tx, *account).await?;
    }
    Ok(accounts)
}

fn record(tx: &mut Tx, account: AccountId, id: Uuid, change: Change, after: Map<String, Value>) {
    tx.record(NewEntry {
        change,
        subject: Subject::Override,
        subject_id: id,
        account: Some(account),
        before: Map::new(),
        after,
    });
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
