//! The limit that the measurements compare with: one statement that returns one JSON value, and nothing around it.

use domain::identity::Actor;

use crate::error::{Error, Result};
use crate::pool::{Db, Pools};

/// Returns the first fifty accounts by score as JSON, straight from SQLite.
pub async fn page(db: &Db, actor: &Actor) -> Result<String> {
    let Pools::Sqlite { readers, .. } = &db.pools else { return Err(only_sqlite()) };
    Ok(sqlx::query_scalar(
        "SELECT json_group_array(json(doc)) FROM (SELECT doc FROM accounts WHERE workspace_id = $1 \
         AND archived_at IS NULL ORDER BY score DESC, id DESC LIMIT 50)",
    )
    .bind(actor.workspace.0)
    .fetch_one(readers)
    .await?)
}

/// Returns one account as JSON, straight from SQLite.
pub async fn row(db: &Db, actor: &Actor, id: &str) -> Result<String> {
    let Pools::Sqlite { readers, .. } = &db.pools else { return Err(only_sqlite()) };
    Ok(sqlx::query_scalar("SELECT doc FROM accounts WHERE workspace_id = $1 AND id = unhex($2, '-')")
        .bind(actor.workspace.0)
        .bind(id)
        .fetch_one(readers)
        .await?)
}

fn only_sqlite() -> Error {
    Error::Open("The bare statements are for SQLite.".to_owned())
}
