//! What people want to be told.

use domain::id::UserId;
use domain::notices::{Preferences, hours};
use uuid::Uuid;

use super::{me, tell};
use crate::error::Result;
use crate::tx::{Tx, on};

/// Returns what the asking person wants.
pub async fn preferences(tx: &mut Tx) -> Result<Preferences> {
    let user = me(tx)?;
    Ok(of(tx, user).await?.0)
}

/// Returns what a person wants, and since when they have.
pub(super) async fn of(tx: &mut Tx, user: Uuid) -> Result<(Preferences, i64)> {
    let workspace = tx.workspace();
    let doc: Option<(String, i64)> = on!(tx, c => sqlx::query_as(
        "SELECT doc, updated_at FROM notice_preferences WHERE workspace_id = $1 AND user_id = $2")
        .bind(workspace).bind(user).fetch_optional(c).await)?;
    Ok(match doc {
        Some((doc, since)) => (serde_json::from_str(&doc)?, since),
        None => (Preferences::default(), 0),
    })
}

/// Returns a person's time zone.
pub(crate) async fn zone_of(tx: &mut Tx, user: UserId) -> Result<String> {
    Ok(of(tx, user.0).await?.0.zone)
}

/// Returns a person's time zone, and the language of the reports that they get by mail.
pub(crate) async fn place_of(tx: &mut Tx, user: UserId) -> Result<(String, String)> {
    let (wishes, _) = of(tx, user.0).await?;
    Ok((wishes.zone, wishes.language))
}

/// Keeps what the asking person wants.
pub async fn set_preferences(tx: &mut Tx, preferences: Preferences) -> Result<()> {
    let user = me(tx)?;
    set_of(tx, user, preferences).await
}

/// Keeps what a person wants.
pub(super) async fn set_of(tx: &mut Tx, user: Uuid, preferences: Preferences) -> Result<()> {
    let preferences = preferences.checked()?;
    hours::zone(&preferences.zone)?;
    let (workspace, now, doc) = (tx.workspace(), tx.now().0, serde_json::to_string(&preferences)?);
    on!(tx, c => sqlx::query(
        "INSERT INTO notice_preferences (workspace_id, user_id, doc, updated_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (workspace_id, user_id) DO UPDATE SET doc = excluded.doc, updated_at = excluded.updated_at")
        .bind(workspace).bind(user).bind(&doc).bind(now).execute(c).await.map(|_| ()))?;
    tell(tx, user, 0);
    Ok(())
}
