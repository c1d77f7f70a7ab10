//! A person's own score for an account, with a reason and an expiry.

use domain::health::{ManualScore, Points};
use domain::id::{AccountId, OverrideId, UserId};
use domain::identity::{Actor, Role};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::pool::Db;
use crate::subjects::from_document;
use crate::tx::{Tx, on};
use crate::{accounts, batches, subjects};

/// Longest life of an override.
const DAYS_MAX: i64 = 365;
/// Longest reason in characters.
const REASON_CHARS_MAX: usize = 1_000;
/// Most overrides of one account that are listed.
const LIST_MAX: i64 = 200;

/// Sets a score by hand until a moment; an earlier override of the account ends. Can be undone.
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
    batch(tx, account).await?;
    let now = tx.now();
    for manual in in_force(tx, account).await? {
        end(tx, &manual, now, Some(user)).await?;
    }
    let manual = ManualScore {
        id: OverrideId(Uuid::now_v7()),
        version: 1,
        account_id: account,
        score: Points::from_f64(score),
        reason: reason.to_owned(),
        created_at: now,
        created_by: Some(user),
        expires_at: until,
        ended_at: None,
        ended_by: None,
        updated_at: now,
    };
    subjects::create(tx, &manual).await
}

/// Ends the account's override, so that the computed score counts again. Can be undone.
pub async fn end_override(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.require(Role::Csm)?;
    batch(tx, account).await?;
    let (now, user) = (tx.now(), tx.actor().user);
    let all = in_force(tx, account).await?;
    if all.is_empty() {
        return Err(Refusal::Conflict("There is no override in force.".to_owned()).into());
    }
    for manual in all {
        end(tx, &manual, now, user).await?;
    }
    Ok(())
}

/// Returns the overrides of an account, newest first.
pub async fn overrides(tx: &mut Tx, account: AccountId) -> Result<Vec<ManualScore>> {
    accounts::get(tx, account).await?;
    let workspace = tx.workspace();
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM overrides WHERE workspace_id = $1 AND account_id = $2 ORDER BY created_at DESC LIMIT $3")
        .bind(workspace).bind(account.0).bind(LIST_MAX).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}

/// Makes what follows one change that can be undone, unless it is part of a larger one.
async fn batch(tx: &mut Tx, account: AccountId) -> Result<()> {
    let name = accounts::get(tx, account).await?.name;
    if tx.batch().is_none() {
        batches::open(tx, "edit", &name).await?;
    }
    Ok(())
}

async fn in_force(tx: &mut Tx, account: AccountId) -> Result<Vec<ManualScore>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM overrides WHERE workspace_id = $1 AND account_id = $2 AND ended_at IS NULL")
        .bind(workspace).bind(account.0).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}

async fn end(tx: &mut Tx, manual: &ManualScore, at: Timestamp, by: Option<UserId>) -> Result<()> {
    let ended = ManualScore { ended_at: Some(at), ended_by: by, ..manual.clone() };
    subjects::update(tx, manual, &ended).await?;
    Ok(())
}

/// Ends the overrides that have expired, which the log says of each by itself, and returns their accounts, whose
/// computed scores count again.
pub(super) async fn end_expired(db: &Db, actor: &Actor) -> Result<Vec<AccountId>> {
    // Mostly there is nothing to end, and looking needs no lock.
    if expired(&mut db.read(actor).await?).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = db.write(actor).await?;
    let all = expired(&mut tx).await?;
    for manual in &all {
        end(&mut tx, manual, manual.expires_at, None).await?;
    }
    tx.commit().await?;
    Ok(all.into_iter().map(|manual| manual.account_id).collect())
}

async fn expired(tx: &mut Tx) -> Result<Vec<ManualScore>> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM overrides WHERE workspace_id = $1 AND ended_at IS NULL AND expires_at <= $2")
        .bind(workspace).bind(now).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}
