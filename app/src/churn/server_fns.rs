//! What the pages about the churn model ask the server.

use domain::changes::UndoReport;
use domain::churn::{Drift, Told};
use domain::id::{AccountId, BatchId, ChurnModelId, ChurnTrainingId};
use leptos::prelude::*;

use super::Registry;
use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Returns the versions of the model and the attempts to learn one.
#[server]
pub async fn load_churn() -> Result<Registry> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(Registry {
        active: db::churn::active(&mut tx).await?,
        candidate: db::churn::candidate(&mut tx).await?,
        versions: db::churn::models(&mut tx).await?,
        trainings: db::churn::trainings(&mut tx).await?,
        next: db::churn::next_training(&mut tx).await?,
    })
}

/// Returns how far the present has moved from what the model in force learnt from.
#[server]
pub async fn load_churn_drift() -> Result<Option<Drift>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::churn::drift(&mut tx).await?)
}

/// Returns what the model in force says of an account, with what moves it.
#[server]
pub async fn load_account_churn(account: AccountId) -> Result<Option<Told>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::churn::prediction(&mut tx, account).await?)
}

/// Begins to learn a new model, which goes on when the page is left.
#[server]
pub async fn start_churn_training() -> Result<ChurnTrainingId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let id = db::churn::start(&mut tx).await?;
    tx.commit().await?;
    Ok(id)
}

/// Stops learning.
#[server]
pub async fn stop_churn_training(training: ChurnTrainingId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::churn::stop(&mut tx, training).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts a candidate into force.
#[server]
pub async fn activate_churn_model(model: ChurnModelId) -> Result<BatchId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::churn::activate(&mut tx, model).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Puts an older version into force again.
#[server]
pub async fn roll_back_churn_model(model: ChurnModelId) -> Result<BatchId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::churn::roll_back(&mut tx, model).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Takes a version out of force, or sets a candidate aside.
#[server]
pub async fn retire_churn_model(model: ChurnModelId) -> Result<BatchId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::churn::retire(&mut tx, model).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Takes a step with the versions back.
#[server]
pub async fn undo_churn_step(batch: BatchId) -> Result<UndoReport> {
    let (db, who) = signed_in().await?;
    Ok(db::undo::undo(&db, &who.actor, batch).await?)
}
