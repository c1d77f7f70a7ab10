//! What people said of recommendations.

use std::collections::BTreeMap;

use domain::advice::{Feedback, Opinion, Said, Verdict};
use domain::id::{AccountId, BatchId, FeedbackId};
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::{Map, Value};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::subjects::{self, from_document};
use crate::tx::{Tx, on};
use crate::{accounts, alerts, batches};

/// Most opinions on one account that are returned.
const ROWS_MAX: i64 = 100;

/// Says what the asking person thinks of a recommendation, in a batch that takes it back; what they said of it before
/// is replaced. Everybody but viewers. Returns no batch where they said the very same before.
pub async fn give(tx: &mut Tx, opinion: &Opinion) -> Result<Option<BatchId>> {
    tx.require(Role::Csm)?;
    let reason = opinion.check()?;
    let account = accounts::get(tx, opinion.account).await?;
    if let Some(alert) = opinion.alert {
        let row = alerts::find(tx, alert).await?.ok_or(Refusal::NotFound)?;
        if row.alert.account_id != Some(account.id) {
            return Err(Refusal::NotFound.into());
        }
    }
    let now = tx.now();
    let given = Feedback {
        id: FeedbackId(Uuid::now_v7()),
        version: 1,
        account_id: account.id,
        alert_id: opinion.alert,
        action: opinion.action.clone(),
        segment: account.tier.filter(|tier| !tier.is_empty()),
        verdict: opinion.verdict,
        reason,
        given_by: tx.actor().user,
        given_at: now,
        created_at: now,
        updated_at: now,
    };
    let Some(before) = before(tx, &given).await? else {
        let batch = batches::open(tx, "edit", "feedback").await?;
        subjects::create(tx, &given).await?;
        return Ok(Some(batch));
    };
    if before.verdict == given.verdict && before.reason == given.reason {
        return Ok(None);
    }
    let batch = batches::open(tx, "edit", "feedback").await?;
    let after = Feedback {
        id: before.id,
        version: before.version,
        created_at: before.created_at,
        updated_at: before.updated_at,
        ..given
    };
    subjects::update(tx, &before, &after).await?;
    Ok(Some(batch))
}

/// Returns what the same person said of the same action on the same account before.
async fn before(tx: &mut Tx, given: &Feedback) -> Result<Option<Feedback>> {
    let workspace = tx.workspace();
    let row: Option<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM feedback WHERE workspace_id = $1 AND account_id = $2 AND action = $3 AND given_by = $4")
        .bind(workspace).bind(given.account_id.0).bind(&given.action).bind(given.given_by.map(|user| user.0))
        .fetch_optional(c).await)?;
    row.map(|(Json(doc),)| from_document(doc)).transpose()
}

/// Returns what people said of recommendations for an account, the latest first; everybody may look.
pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<Feedback>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM feedback WHERE workspace_id = $1 AND account_id = $2 ORDER BY given_at DESC LIMIT $3")
        .bind(workspace).bind(account.0).bind(ROWS_MAX).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}

#[derive(FromRow)]
struct Count {
    action: String,
    verdict: String,
    level: i64,
    opinions: i64,
}

/// Returns what was said of each action since a moment: elsewhere, in the segment, on the account, and by the asking
/// person there. `opinions` are those on the account.
pub(super) async fn said(
    tx: &mut Tx,
    account: AccountId,
    segment: Option<&str>,
    since: Timestamp,
    opinions: &[Feedback],
) -> Result<BTreeMap<String, Said>> {
    let workspace = tx.workspace();
    let rows: Vec<Count> = on!(tx, c => sqlx::query_as(
        "SELECT action, verdict, CAST(CASE WHEN account_id = $2 THEN 2 WHEN segment = $3 THEN 1 ELSE 0 END AS BIGINT) \
           AS level, COUNT(*) AS opinions \
         FROM feedback WHERE workspace_id = $1 AND given_at >= $4 GROUP BY action, verdict, level")
        .bind(workspace).bind(account.0).bind(segment).bind(since.0).fetch_all(c).await)?;
    let mut said: BTreeMap<String, Said> = BTreeMap::new();
    for Count { action, verdict, level, opinions } in rows {
        let Some(verdict) = Verdict::from_key(&verdict) else { continue };
        let one = said.entry(action).or_default();
        let counts = match level {
            2 => &mut one.account,
            1 => &mut one.segment,
            _ => &mut one.elsewhere,
        };
        counts.add(verdict, u32::try_from(opinions).unwrap_or(u32::MAX));
    }
    let me = tx.actor().user;
    for mine in opinions.iter().filter(|opinion| opinion.given_by == me) {
        said.entry(mine.action.clone()).or_default().mine = Some(mine.verdict);
    }
    Ok(said)
}
