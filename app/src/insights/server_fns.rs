//! What Insights asks the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::id::AccountId;
use domain::insights::{Behind, Drivers, InsightQuery, Peers, Report};
use domain::time::Timestamp;
use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Returns how the portfolio stands, and how it moved.
#[server(input = Json)]
pub async fn load_insights(asked: InsightQuery) -> Result<Report> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::insights::report(&mut tx, &asked).await?)
}

/// Returns the accounts behind one number, which the address names.
#[server(input = Json)]
pub async fn load_accounts_behind(asked: InsightQuery, which: String) -> Result<Behind> {
    let (db, who) = signed_in().await?;
    let which = which.parse::<domain::insights::Which>().map_err(|()| domain::refusal::Refusal::NotFound)?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::insights::behind(&mut tx, &asked, &which).await?)
}

/// Returns what lifts and what lowers the score of an account.
#[server]
pub async fn load_score_drivers(id: AccountId, at: Option<Timestamp>) -> Result<Option<Drivers>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    db::accounts::get(&mut tx, id).await?;
    Ok(db::insights::score_drivers(&mut tx, id, at).await?)
}

/// Returns where an account stands among those like it.
#[server]
pub async fn load_peers(id: AccountId) -> Result<Vec<Peers>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    db::accounts::get(&mut tx, id).await?;
    Ok(db::insights::peers(&mut tx, id).await?)
}
