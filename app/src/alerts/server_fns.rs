//! What the alert pages ask the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::alerts::list::{AlertCounts, AlertPage, AlertPageData, AlertQuery, AlertRow, StepReport};
use domain::alerts::{Rule, Step};
use domain::changes::UndoReport;
use domain::id::{AccountId, AlertId, BatchId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// What the list begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The first page.
    pub page: AlertPage,
    /// The rules, for the filter.
    pub rules: Vec<Rule>,
}

/// Returns a page of alerts with the rules they come from.
#[server(input = Json)]
pub async fn start_alerts(query: AlertQuery) -> Result<Start> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let page = db::alerts::list(&mut tx, &query).await?;
    Ok(Start { page, rules: db::alerts::rules(&mut tx).await? })
}

/// Returns a page of alerts.
#[server(input = Json)]
pub async fn list_alerts(query: AlertQuery) -> Result<AlertPage> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::alerts::list(&mut tx, &query).await?)
}

/// Returns how many alerts there are.
#[server]
pub async fn count_alerts() -> Result<AlertCounts> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::alerts::counts(&mut tx).await?)
}

/// Returns the open alerts of an account, the most pressing first.
#[server]
pub async fn alerts_of_account(account: AccountId) -> Result<Vec<AlertRow>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::alerts::of_account(&mut tx, account).await?)
}

/// Returns an alert with its facts of now and what happened to it.
#[server]
pub async fn load_alert(id: AlertId) -> Result<AlertPageData> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::alerts::page(&mut tx, id).await?)
}

/// Takes a step with some alerts, as one batch.
#[server(input = Json)]
pub async fn step_alerts(ids: Vec<AlertId>, step: Step) -> Result<StepReport> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let report = db::alerts::steps(&mut tx, &ids, &step).await?;
    tx.commit().await?;
    Ok(report)
}

/// Takes a step back.
#[server]
pub async fn undo_alert_step(batch: BatchId) -> Result<UndoReport> {
    let (db, who) = signed_in().await?;
    Ok(db::undo::undo(&db, &who.actor, batch).await?)
}
