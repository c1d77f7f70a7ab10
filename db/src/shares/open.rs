//! Opening a link: by its token alone, before anybody knows whose workspace it is.

use domain::id::{ShareId, WorkspaceId};
use domain::identity::{Actor, Role, User};
use domain::shares::{MAKER, Share, State};
use domain::time::Timestamp;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::error::Result;
use crate::identity::nobody;
use crate::pool::Db;
use crate::tx::{Tx, on};
use crate::{identity, secret, subjects};

/// Length of a token, in hexadecimal digits.
const TOKEN_CHARS: usize = 64;
/// How long a right password counts in one browser.
const GRANT_MS: i64 = 3_600_000;

/// What a token opens.
#[derive(Clone, Debug)]
pub enum Opening {
    /// Nothing: there is no such link.
    Unknown,
    /// Nothing any more: the link has expired or was ended. Whoever asks is told the same as above.
    Ended(WorkspaceId, ShareId),
    /// A link that works.
    Open(Box<Opened>),
}

/// A link that works.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The link.
    pub share: Share,
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// Who made it.
    pub maker: User,
    password: Option<String>,
}

impl Opened {
    /// Returns the actor with whose eyes a link is seen: its maker with the role of today; none where they have left
    /// or may no longer show anything to strangers.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        let may = self.maker.deactivated_at.is_none() && self.maker.role >= MAKER;
        may.then_some(Actor { workspace: self.workspace, user: Some(self.maker.id), role: self.maker.role })
    }
}

/// Finds out what a token opens. Strangers ask, so asking only reads.
pub async fn open(db: &Db, token: &str) -> Result<Opening> {
    if token.len() != TOKEN_CHARS {
        return Ok(Opening::Unknown);
    }
    let hash = secret::hash_token(token);
    let mut tx = db.read(&nobody()).await?;
    let found: Option<(Vec<u8>, Uuid, Uuid, Option<String>)> = on!(tx, c => sqlx::query_as(
        "SELECT token_hash, workspace_id, share_id, password_hash FROM share_tokens WHERE token_hash = $1")
        .bind(&hash).fetch_optional(c).await)?;
    drop(tx);
    let Some((known, workspace, id, password)) = found else { return Ok(Opening::Unknown) };
    if !bool::from(known.ct_eq(&hash)) {
        return Ok(Opening::Unknown);
    }
    let workspace = WorkspaceId(workspace);
    let mut tx = db.read(&Actor::system(workspace)).await?;
    let share: Share = subjects::get(&mut tx, id).await?;
    let maker = identity::users(&mut tx).await?.into_iter().find(|user| user.id == share.owner_id);
    match maker {
        Some(maker) if share.state(tx.now()) == State::Active => {
            Ok(Opening::Open(Box::new(Opened { share, workspace, maker, password })))
        }
        _ => Ok(Opening::Ended(workspace, share.id)),
    }
}

/// Returns whether a password fits. A link without one has none that fits.
pub async fn check_password(opened: &Opened, password: &str) -> Result<bool> {
    secret::verify_password(password, opened.password.as_deref()).await
}

/// Returns what a browser keeps that has given the right password: until when, and a proof that nobody can make who
/// does not know the stored hash.
#[must_use]
pub fn grant(opened: &Opened, now: Timestamp) -> String {
    let until = now.0 + GRANT_MS;
    format!("{until}.{}", proof(opened, until))
}

/// Returns whether a browser may see a link: it has no password, or what the browser kept is right and still counts.
#[must_use]
pub fn check_grant(opened: &Opened, kept: Option<&str>, now: Timestamp) -> bool {
    if opened.password.is_none() {
        return true;
    }
    let Some((until, given)) = kept.and_then(|kept| kept.split_once('.')) else { return false };
    let Ok(until) = until.parse::<i64>() else { return false };
    let fits: bool = proof(opened, until).as_bytes().ct_eq(given.as_bytes()).into();
    fits && (now.0..=now.0 + GRANT_MS).contains(&until)
}

/// The secret stands last, so that nothing can be put behind it.
fn proof(opened: &Opened, until: i64) -> String {
    let (id, secret) = (opened.share.id.0.simple(), opened.password.as_deref().unwrap_or_default());
    secret::digest(format!("share.{id}.{until}.{secret}").as_bytes())
}

/// Returns what a link kept when it was made. Only the server shows it.
pub async fn snapshot(tx: &mut Tx, id: ShareId) -> Result<Option<String>> {
    tx.require(Role::Admin)?;
    let workspace = tx.workspace();
    let body: Option<(String,)> = on!(tx, c => sqlx::query_as(
        "SELECT body FROM share_snapshots WHERE workspace_id = $1 AND share_id = $2")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    Ok(body.map(|(body,)| body))
}
