//! What recommendations ask the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::advice::{Advice, Opinion};
use domain::changes::UndoReport;
use domain::id::{AccountId, AlertId, BatchId};
use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Returns what to do next about an account.
#[server]
pub async fn advice_for_account(account: AccountId) -> Result<Advice> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::advice::of_account(&mut tx, account).await?)
}

/// Returns what to do about an alert; nothing where it is about the whole portfolio.
#[server]
pub async fn advice_for_alert(alert: AlertId) -> Result<Option<Advice>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::advice::of_alert(&mut tx, alert).await?)
}

/// Says what the person thinks of a recommendation; returns the batch that takes it back, where anything changed.
#[server(input = Json)]
pub async fn rate_recommendation(opinion: Opinion) -> Result<Option<BatchId>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::advice::give(&mut tx, &opinion).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Takes an opinion back.
#[server]
pub async fn undo_rating(batch: BatchId) -> Result<UndoReport> {
    let (db, who) = signed_in().await?;
    Ok(db::undo::undo(&db, &who.actor, batch).await?)
}
