//! Links by which strangers see a report: made, ended, opened, and who looked.
//!
//! The document of a link is in the log; what opens it is not. Its token is stored as a hash, its password as argon2id,
//! and what it shows of a day is deleted when the link is ended.

mod accesses;
mod open;

use domain::id::ShareId;
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::shares::{MAKER, Share, ShareDraft, ShareRow, Shown};
use domain::time::Timestamp;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::subjects::{self, from_document};
use crate::tx::{Tx, on};
use crate::{accounts, reports, secret};

pub use accesses::{accesses, note};
pub use open::{Opened, Opening, check_grant, check_password, grant, open, snapshot};

/// Most links that are listed, the newest first.
const LISTED_MAX: i64 = 500;
/// Most links of one person that work at the same time.
const WORKING_MAX: i64 = 200;

/// What is stored beside a new link and stands in no log.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The hash of its password, by [`lock`].
    pub password: Option<String>,
    /// What it shows, where that is not answered here.
    pub document: Option<String>,
}

/// A link that was just made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The link.
    pub share: Share,
    /// What opens it: 256 bits, to be shown once and forgotten.
    pub token: String,
}

/// Returns the hash of a password, which takes its time and so no place in a transaction; none for an empty one.
pub async fn lock(password: &str) -> Result<Option<String>> {
    if password.is_empty() {
        return Ok(None);
    }
    secret::hash_password(password).await.map(Some)
}

/// Makes a link. What it shows of this day is answered here as the asking person sees it; only the health report of an
/// account comes ready, as it takes more than numbers.
pub async fn create(tx: &mut Tx, draft: ShareDraft, kept: Kept) -> Result<Made> {
    tx.require(MAKER)?;
    let owner = tx.actor().user.ok_or(Refusal::SignedOut)?;
    draft.check()?;
    if working(tx, owner.0).await? >= WORKING_MAX {
        return Err(Refusal::Conflict("You have 200 links that work. End some that are not needed.".to_owned()).into());
    }
    let (name, shown, body) = match draft.shown {
        Shown::Report { spec } => {
            let answer = reports::answer(tx, spec).await?;
            let body = if draft.live { None } else { Some(serde_json::to_string(&answer)?) };
            (draft.name.trim().to_owned(), Shown::Report { spec: answer.spec }, body)
        }
        Shown::Account { account_id } => {
            let account = accounts::get(tx, account_id).await?;
            (account.name, Shown::Account { account_id }, kept.document.filter(|_| !draft.live))
        }
    };
    if !draft.live && body.is_none() {
        return Err(Refusal::field("live", "There is nothing to keep. Choose numbers that follow what happens.").into());
    }
    let now = tx.now();
    let share = Share {
        id: ShareId(Uuid::now_v7()),
        version: 1,
        name,
        shown,
        live: draft.live,
        download: draft.download,
        locked: kept.password.is_some(),
        owner_id: owner,
        expires_at: now.plus_days(i64::from(draft.days)),
        revoked_at: None,
        revoked_by: None,
        created_at: now,
        updated_at: now,
    };
    subjects::create(tx, &share).await?;
    let token = keep(tx, share.id, kept.password.as_deref(), body.as_deref()).await?;
    Ok(Made { share, token })
}

/// Keeps what opens a link and what it shows; returns the token, of which only the hash is kept.
async fn keep(tx: &mut Tx, id: ShareId, password: Option<&str>, body: Option<&str>) -> Result<String> {
    let token = secret::token()?;
    let (workspace, hash) = (tx.workspace(), secret::hash_token(&token));
    on!(tx, c => sqlx::query(
        "INSERT INTO share_tokens (token_hash, workspace_id, share_id, password_hash) VALUES ($1, $2, $3, $4)")
        .bind(&hash).bind(workspace).bind(id.0).bind(password).execute(c).await.map(|_| ()))?;
    if let Some(body) = body {
        on!(tx, c => sqlx::query("INSERT INTO share_snapshots (workspace_id, share_id, body) VALUES ($1, $2, $3)")
            .bind(workspace).bind(id.0).bind(body).execute(c).await.map(|_| ()))?;
    }
    Ok(token)
}

/// Returns how many links of a person work.
async fn working(tx: &mut Tx, owner: Uuid) -> Result<i64> {
    let (workspace, now) = (tx.workspace(), tx.now());
    let docs: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM shares WHERE workspace_id = $1 AND owner_id = $2 ORDER BY id DESC LIMIT $3")
        .bind(workspace).bind(owner).bind(LISTED_MAX).fetch_all(c).await)?;
    let mut working = 0;
    for (Json(doc),) in docs {
        working += i64::from(is_working(&from_document(doc)?, now));
    }
    Ok(working)
}

fn is_working(share: &Share, now: Timestamp) -> bool {
    share.state(now) == domain::shares::State::Active
}

/// Returns the asking person's links, and for managers everybody's, the newest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<ShareRow>> {
    let user = tx.actor().user.ok_or(Refusal::SignedOut)?;
    let (workspace, all) = (tx.workspace(), i64::from(tx.actor().role >= Role::Manager));
    type Row = (Json<Map<String, Value>>, i64, i64, Option<i64>);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT s.doc, \
         CAST(COALESCE(SUM(CASE WHEN a.outcome IN ('shown', 'taken') THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN a.outcome NOT IN ('shown', 'taken') THEN 1 ELSE 0 END), 0) AS BIGINT), \
         MAX(CASE WHEN a.outcome IN ('shown', 'taken') THEN a.at END) \
         FROM (SELECT workspace_id, id, doc FROM shares WHERE workspace_id = $1 AND (owner_id = $2 OR $3 = 1) \
         ORDER BY id DESC LIMIT $4) AS s \
         LEFT JOIN share_accesses AS a ON a.workspace_id = s.workspace_id AND a.share_id = s.id \
         GROUP BY s.id, s.doc ORDER BY s.id DESC")
        .bind(workspace).bind(user.0).bind(all).bind(LISTED_MAX).fetch_all(c).await)?;
    let row = |(Json(doc), views, refused, seen): Row| {
        let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        let share = from_document(doc)?;
        Ok(ShareRow { share, views: count(views), refused: count(refused), seen_at: seen.map(Timestamp) })
    };
    rows.into_iter().map(row).collect()
}

/// Ends a link for ever, and deletes what it kept: its maker may, and managers.
pub async fn revoke(tx: &mut Tx, id: ShareId) -> Result<Share> {
    let before = mine(tx, id).await?;
    if before.revoked_at.is_some() {
        return Ok(before);
    }
    let after = Share { revoked_at: Some(tx.now()), revoked_by: tx.actor().user, ..before.clone() };
    subjects::update(tx, &before, &after).await?;
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query("DELETE FROM share_snapshots WHERE workspace_id = $1 AND share_id = $2")
        .bind(workspace).bind(id.0).execute(c).await.map(|_| ()))?;
    subjects::get(tx, id.0).await
}

/// Returns a link that the asking person may deal with; anybody else's does not exist for them.
async fn mine(tx: &mut Tx, id: ShareId) -> Result<Share> {
    tx.require(MAKER)?;
    let share: Share = subjects::get(tx, id.0).await?;
    if Some(share.owner_id) != tx.actor().user && tx.actor().role < Role::Manager {
        return Err(Refusal::NotFound.into());
    }
    Ok(share)
}
