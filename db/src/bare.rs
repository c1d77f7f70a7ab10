//! The limit that the measurements compare with: one statement that returns one JSON value, and nothing around it.

use domain::identity::Actor;

use crate::error::{Error, Result};
use crate::pool::{Db, Pools};

/// The orders that lists are measured in, as the grid names them; each is read from an index.
pub const ORDERS: [&str; 6] = ["-score", "name", "-arr_minor", "renewal_at", "trend_7d", "score"];

macro_rules! page {
    ($order:literal) => {
        concat!(
            "SELECT json_group_array(json(doc)) FROM (SELECT doc FROM accounts WHERE workspace_id = $1 \
             AND archived_at IS NULL ORDER BY ",
            $order,
            " LIMIT 50 OFFSET $2)"
        )
    };
}

/// The statements of [`ORDERS`].
const PAGES: [&str; 6] = [
    page!("score DESC NULLS LAST, id DESC"),
    page!("lower(name) ASC NULLS LAST, id"),
    page!("annual_minor DESC NULLS LAST, id DESC"),
    page!("renewal_at ASC NULLS LAST, id"),
    page!("trend_7d ASC NULLS LAST, id"),
    page!("score ASC NULLS LAST, id"),
];

/// Returns fifty accounts as JSON, straight from SQLite, in one of [`ORDERS`].
pub async fn page(db: &Db, actor: &Actor, order: usize, offset: u32) -> Result<String> {
    let Pools::Sqlite { readers, .. } = &db.pools else { return Err(only_sqlite()) };
    let sql = PAGES[order % PAGES.len()];
    Ok(sqlx::query_scalar(sql).bind(actor.workspace.0).bind(offset).fetch_one(readers).await?)
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
