//! Churn: the versions of the model of who leaves, the attempts to learn one, and what the one in force says.
//!
//! A model is learnt from the replay of the laboratory by a task, and waits as a candidate until a person puts it into
//! force. What it says of accounts is kept by a reader of the change log, right behind the scorer.

mod drift;
mod predict;
mod train;
mod trainings;

use domain::churn::{ChurnModel, ModelHead, ModelState};
use domain::id::{BatchId, ChurnModelId};
use domain::identity::Role;
use domain::refusal::Refusal;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::batches;
use crate::error::Result;
use crate::subjects::{self, from_document};
use crate::tx::{Tx, on};

pub use drift::drift;
pub(crate) use predict::catch_up;
pub use predict::prediction;
pub use train::{TASK, perform, tell_demo};
pub use trainings::{MONTHLY, next_training, start, stop, trainings};

/// Versions that the list shows.
const MODELS_MAX: i64 = 50;

/// Returns the versions of the model, newest first; everybody may look.
pub async fn models(tx: &mut Tx) -> Result<Vec<ModelHead>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM churn_models WHERE workspace_id = $1 ORDER BY number DESC LIMIT $2")
        .bind(workspace).bind(MODELS_MAX).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| Ok(from_document::<ChurnModel>(doc)?.head())).collect()
}

/// Returns a version of the model, or refuses; everybody may look.
pub async fn model(tx: &mut Tx, id: ChurnModelId) -> Result<ChurnModel> {
    subjects::get(tx, id.0).await
}

/// Returns the version in force, if there is one.
pub async fn active(tx: &mut Tx) -> Result<Option<ChurnModel>> {
    let workspace = tx.workspace();
    // An undo may bring an older version back beside a newer one; then the newer decision holds.
    let row: Option<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM churn_models WHERE workspace_id = $1 AND retired_at IS NULL AND activated_at IS NOT NULL \
         ORDER BY activated_at DESC, number DESC LIMIT 1")
        .bind(workspace).fetch_optional(c).await)?;
    row.map(|(Json(doc),)| from_document(doc)).transpose()
}

/// Returns the newest candidate, if there is one.
pub async fn candidate(tx: &mut Tx) -> Result<Option<ChurnModel>> {
    let workspace = tx.workspace();
    let row: Option<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM churn_models WHERE workspace_id = $1 AND retired_at IS NULL AND activated_at IS NULL \
         ORDER BY number DESC LIMIT 1")
        .bind(workspace).fetch_optional(c).await)?;
    row.map(|(Json(doc),)| from_document(doc)).transpose()
}

/// Puts a candidate into force in place of the version before; every account gets its probability from it.
/// Managers and administrators. Returns the batch that takes it back.
pub async fn activate(tx: &mut Tx, id: ChurnModelId) -> Result<BatchId> {
    tx.require(Role::Manager)?;
    let model = model(tx, id).await?;
    if model.state() != ModelState::Candidate {
        return Err(Refusal::Conflict("This version is no candidate any more. Load the page again.".to_owned()).into());
    }
    put_into_force(tx, model, "Churn model").await
}

/// Puts a version that was in force before into force again. Managers and administrators.
/// Returns the batch that takes it back.
pub async fn roll_back(tx: &mut Tx, id: ChurnModelId) -> Result<BatchId> {
    tx.require(Role::Manager)?;
    let model = model(tx, id).await?;
    if model.state() != ModelState::Retired || model.activated_at.is_none() {
        return Err(Refusal::Conflict("Only a version that was in force before can come back.".to_owned()).into());
    }
    put_into_force(tx, model, "Back to churn model").await
}

/// Takes the version in force out of it, or sets a candidate aside. Without a version in force no account has a
/// probability. Managers and administrators. Returns the batch that takes it back.
pub async fn retire(tx: &mut Tx, id: ChurnModelId) -> Result<BatchId> {
    tx.require(Role::Manager)?;
    let model = model(tx, id).await?;
    if model.state() == ModelState::Retired {
        return Err(Refusal::Conflict("This version is out of force already.".to_owned()).into());
    }
    let batch = batches::open(tx, "churn", &format!("Churn model {} retired", model.number)).await?;
    end(tx, &model).await?;
    Ok(batch)
}

async fn put_into_force(tx: &mut Tx, model: ChurnModel, words: &str) -> Result<BatchId> {
    let batch = batches::open(tx, "churn", &format!("{words} {} in force", model.number)).await?;
    if let Some(before) = active(tx).await? {
        end(tx, &before).await?;
    }
    let (now, user) = (tx.now(), tx.actor().user);
    let after =
        ChurnModel { activated_at: Some(now), activated_by: user, retired_at: None, retired_by: None, ..model.clone() };
    subjects::update(tx, &model, &after).await?;
    Ok(batch)
}

async fn end(tx: &mut Tx, model: &ChurnModel) -> Result<()> {
    let after = ChurnModel { retired_at: Some(tx.now()), retired_by: tx.actor().user, ..model.clone() };
    subjects::update(tx, model, &after).await?;
    Ok(())
}

/// Returns the number of the next version.
async fn next_number(tx: &mut Tx) -> Result<u32> {
    let workspace = tx.workspace();
    let last: Option<i64> = on!(tx, c => sqlx::query_scalar("SELECT MAX(number) FROM churn_models WHERE workspace_id = $1")
        .bind(workspace).fetch_one(c).await)?;
    Ok(u32::try_from(last.unwrap_or(0) + 1).unwrap_or(u32::MAX))
}

/// Returns a new id.
fn fresh() -> Uuid {
    Uuid::now_v7()
}
