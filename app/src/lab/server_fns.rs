//! What the laboratory asks the server.

use domain::health::CardHead;
use domain::id::{LabRunId, ScorecardId};
use domain::lab::run::{Asked, Run};
use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Returns the scorecards that can be looked at.
#[server]
pub async fn load_lab_cards() -> Result<Vec<CardHead>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::health::cards(&mut tx).await?)
}

/// Returns the newest runs, newest first, without what they found.
#[server]
pub async fn load_lab_runs() -> Result<Vec<Run>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::lab::runs(&mut tx).await?)
}

/// Returns a run with what it found.
#[server]
pub async fn load_lab_run(run: LabRunId) -> Result<Run> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::lab::run(&mut tx, run).await?)
}

/// Returns the newest run with what it found, if there is one.
#[server]
pub async fn load_newest_lab_run() -> Result<Option<Run>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let Some(newest) = db::lab::runs(&mut tx).await?.first().map(|run| run.id) else { return Ok(None) };
    Ok(Some(db::lab::run(&mut tx, newest).await?))
}

/// Starts a run, which goes on when the page is left.
#[server(input = Json)]
pub async fn start_lab(asked: Asked) -> Result<LabRunId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let run = db::lab::start(&mut tx, asked).await?;
    tx.commit().await?;
    Ok(run)
}

/// Stops a run.
#[server]
pub async fn stop_lab(run: LabRunId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::lab::stop(&mut tx, run).await?;
    tx.commit().await?;
    Ok(())
}

/// Opens the weights that a run suggests as the draft of its scorecard.
#[server]
pub async fn open_lab_suggestion(run: LabRunId) -> Result<ScorecardId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let card = db::lab::open_suggestion(&mut tx, run).await?;
    tx.commit().await?;
    Ok(card)
}
