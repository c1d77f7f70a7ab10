//! Keys that the server draws for itself: kept in the database, shown to nobody.

use crate::error::Result;
use crate::secret;
use crate::tx::{Tx, on};

/// The name of the key that push messages are signed with.
const PUSH: &str = "push";
/// The name of the key that unsubscribe links are signed with.
const LINKS: &str = "links";

async fn find(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    let workspace = tx.workspace();
    let value: Option<(String,)> = on!(tx, c => sqlx::query_as(
        "SELECT value FROM secrets WHERE workspace_id = $1 AND name = $2")
        .bind(workspace).bind(name).fetch_optional(c).await)?;
    Ok(value.map(|(value,)| value))
}

/// Keeps a key unless there is one already; returns the one that is kept.
async fn keep(tx: &mut Tx, name: &str, value: &str) -> Result<String> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    on!(tx, c => sqlx::query(
        "INSERT INTO secrets (workspace_id, name, value, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
        .bind(workspace).bind(name).bind(value).bind(now).execute(c).await.map(|_| ()))?;
    Ok(find(tx, name).await?.unwrap_or_else(|| value.to_owned()))
}

/// Returns the key that push messages are signed with, if there is one yet.
pub async fn push_key(tx: &mut Tx) -> Result<Option<String>> {
    find(tx, PUSH).await
}

/// Keeps the key that push messages are signed with, unless there is one already; returns the one that is kept.
pub async fn set_push_key(tx: &mut Tx, key: &str) -> Result<String> {
    keep(tx, PUSH, key).await
}

/// Returns the key that unsubscribe links are signed with, if there are any yet.
pub(super) async fn known_link_key(tx: &mut Tx) -> Result<Option<String>> {
    find(tx, LINKS).await
}

/// Returns the key that unsubscribe links are signed with, which is drawn at first need.
pub(super) async fn link_key(tx: &mut Tx) -> Result<String> {
    match find(tx, LINKS).await? {
        Some(key) => Ok(key),
        None => keep(tx, LINKS, &secret::token()?).await,
    }
}
