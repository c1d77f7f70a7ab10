//! What schedules ask the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::id::ScheduleId;
use domain::schedules::{Run, Schedule, ScheduleDraft, ScheduleRow, Timing};
use domain::time::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::{Settings, signed_in};

/// What is known before anything is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// The names of the time zones there are.
    pub zones: Vec<String>,
    /// The person's own.
    pub zone: String,
    /// Whether addresses outside of the workspace are allowed.
    pub outside: bool,
    /// Whether a mail server is set up.
    pub mail: bool,
}

/// Returns the asking person's schedules, and for managers everybody's.
#[server]
pub async fn list_schedules() -> Result<Vec<ScheduleRow>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::schedules::list(&mut tx).await?)
}

/// Returns what a new schedule starts from.
#[server]
pub async fn schedule_ground() -> Result<Ground> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(Ground {
        zones: domain::notices::hours::zones().into_iter().map(str::to_owned).collect(),
        zone: db::notices::preferences(&mut tx).await?.zone,
        outside: db::schedules::outside_mail(&mut tx).await?,
        mail: use_context::<Settings>().is_some_and(|settings| settings.mail_from.is_some()),
    })
}

/// Returns the next moments as the clock of the time zone shows them: days, and minutes after midnight.
#[server(input = Json)]
pub async fn preview_runs(timing: Timing) -> Result<Vec<(Timestamp, u16)>> {
    use domain::schedules::{AHEAD, next};
    let (db, _) = signed_in().await?;
    let moments = next::ahead(&timing, db.clock().now(), AHEAD)?;
    Ok(moments.into_iter().map(|at| next::wall(at, &timing.zone)).collect())
}

/// Sets up a schedule, or with an id replaces what that one is.
#[server(input = Json)]
pub async fn save_schedule(id: Option<ScheduleId>, draft: ScheduleDraft) -> Result<Schedule> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let schedule = db::schedules::save(&mut tx, id, draft).await?;
    tx.commit().await?;
    Ok(schedule)
}

/// Lets a schedule rest, or makes it go on.
#[server]
pub async fn pause_schedule(id: ScheduleId, paused: bool) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::schedules::pause(&mut tx, id, paused).await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes a schedule.
#[server]
pub async fn remove_schedule(id: ScheduleId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::schedules::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Has a report sent now.
#[server]
pub async fn run_schedule(id: ScheduleId) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::schedules::run_now(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns what came of a schedule.
#[server]
pub async fn load_runs(id: ScheduleId) -> Result<Vec<Run>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::schedules::runs(&mut tx, id).await?)
}

/// Returns whether reports may be sent to addresses outside of the workspace.
#[server]
pub async fn load_outside_mail() -> Result<bool> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::schedules::outside_mail(&mut tx).await?)
}

/// Says whether reports may be sent to addresses outside of the workspace. Administrators only.
#[server]
pub async fn save_outside_mail(allowed: bool) -> Result<()> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    db::schedules::set_outside_mail(&mut tx, allowed).await?;
    tx.commit().await?;
    Ok(())
}
