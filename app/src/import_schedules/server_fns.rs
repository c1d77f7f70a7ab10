//! What scheduled imports ask the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::id::{ImportScheduleId, PresetId};
use domain::import::kind::Kind;
use domain::import_schedules::{ImportSchedule, ImportScheduleDraft, ImportScheduleRow, Run};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// What is known before anything is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// The names of the time zones there are.
    pub zones: Vec<String>,
    /// The person's own.
    pub zone: String,
    /// The kept mappings of columns.
    pub mappings: Vec<Mapping>,
}

/// A kept mapping of columns, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Identifies the mapping.
    pub id: PresetId,
    /// What its rows are.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
}

/// Returns the scheduled imports of the workspace.
#[server]
pub async fn list_import_schedules() -> Result<Vec<ImportScheduleRow>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::import_schedules::list(&mut tx).await?)
}

/// Returns what a new scheduled import starts from.
#[server]
pub async fn import_schedule_ground() -> Result<Ground> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    let mut mappings = Vec::new();
    for kind in Kind::ALL {
        let presets = db::import::list_presets(&mut tx, kind).await?;
        mappings.extend(presets.into_iter().map(|preset| Mapping { id: preset.id, kind, name: preset.name }));
    }
    Ok(Ground {
        zones: domain::notices::hours::zones().into_iter().map(str::to_owned).collect(),
        zone: db::notices::preferences(&mut tx).await?.zone,
        mappings,
    })
}

/// Sets up a scheduled import, or with an id replaces what that one is.
#[server(input = Json)]
pub async fn save_import_schedule(id: Option<ImportScheduleId>, draft: ImportScheduleDraft) -> Result<ImportSchedule> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let schedule = db::import_schedules::save(&mut tx, id, draft).await?;
    tx.commit().await?;
    Ok(schedule)
}

/// Lets a scheduled import rest, or makes it go on.
#[server]
pub async fn pause_import_schedule(id: ImportScheduleId, paused: bool) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::import_schedules::pause(&mut tx, id, paused).await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes a scheduled import.
#[server]
pub async fn remove_import_schedule(id: ImportScheduleId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::import_schedules::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Has a file imported now.
#[server]
pub async fn run_import_schedule(id: ImportScheduleId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::import_schedules::run_now(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns what came of a scheduled import.
#[server]
pub async fn load_import_runs(id: ImportScheduleId) -> Result<Vec<Run>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::import_schedules::runs(&mut tx, id).await?)
}
