//! What the page of the configuration asks the server.

use domain::changes::{Batch, UndoReport};
use domain::configuration::{Applied, Pick, Plan};
use domain::id::BatchId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// A configuration to be saved as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// What the workspace is called.
    pub workspace: String,
    /// The file.
    pub text: String,
}

/// Returns the configurations that were brought in, the latest first. Administrators only.
#[server]
pub async fn load_configurations() -> Result<Vec<Batch>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::configuration::history(&mut tx).await?)
}

/// Returns the configuration as a file. Administrators only.
#[server]
pub async fn take_configuration() -> Result<Taken> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let text = db::configuration::export(&mut tx).await?;
    let (workspace, _) = db::identity::workspace(&mut tx).await?;
    tx.commit().await?;
    Ok(Taken { workspace, text })
}

/// Returns what bringing a file in would change. Administrators only.
#[server(input = Json)]
pub async fn preview_configuration(text: String, picks: Vec<Pick>) -> Result<Plan> {
    let (db, who) = signed_in().await?;
    Ok(db::configuration::preview(&db, &who.actor, &text, &picks).await?)
}

/// Brings a file in, as it was seen. Administrators only.
#[server(input = Json)]
pub async fn apply_configuration(name: String, text: String, picks: Vec<Pick>, mark: String) -> Result<Applied> {
    let (db, who) = signed_in().await?;
    Ok(db::configuration::apply(&db, &who.actor, &name, &text, &picks, &mark).await?)
}

/// Takes back what a configuration changed. Administrators only.
#[server]
pub async fn undo_configuration(batch: BatchId) -> Result<UndoReport> {
    let (db, who) = signed_in().await?;
    Ok(db::undo::undo(&db, &who.actor, batch).await?)
}
