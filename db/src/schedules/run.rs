//! Running a schedule: one run for each moment, a mail for each recipient, and the task of the next moment.

use domain::id::{ScheduleId, WorkspaceId};
use domain::identity::{Actor, User};
use domain::schedules::{MAKER, Recipient, Schedule, Trouble, next};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{mails, report_of};
use crate::error::Result;
use crate::pool::Db;
use crate::tasks::{self, Task};
use crate::tx::{Tx, on};
use crate::{identity, subjects};

/// The kind of the task that runs a schedule.
pub const TASK: &str = "schedule";

/// What the task carries.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    schedule: ScheduleId,
    due: Timestamp,
    by_hand: bool,
}

/// Enqueues the next moment of a schedule; one that waits for the same moment already is left as it is.
pub(super) async fn enqueue(tx: &mut Tx, schedule: &Schedule) -> Result<()> {
    let Some(due) = schedule.next_at else { return Ok(()) };
    ask(tx, &Asked { schedule: schedule.id, due, by_hand: false }).await
}

/// Enqueues a run that a person wants now.
pub(super) async fn enqueue_by_hand(tx: &mut Tx, schedule: &Schedule) -> Result<()> {
    let due = tx.now();
    ask(tx, &Asked { schedule: schedule.id, due, by_hand: true }).await
}

async fn ask(tx: &mut Tx, asked: &Asked) -> Result<()> {
    let key = format!("{}/{}", asked.schedule, asked.due.0);
    tasks::enqueue(tx, TASK, &serde_json::to_value(asked)?, Some(&key), asked.due).await
}

/// Runs a schedule: writes down the run and its mails, and asks for the next moment, all at once. A server that was
/// away for days makes one run, since the next moment follows from today.
pub async fn perform(db: &Db, workspace: WorkspaceId, task: &Task) -> Result<()> {
    let asked: Asked = serde_json::from_value(task.payload.clone())?;
    let mut tx = db.write(&Actor::system(workspace)).await?;
    let Some(schedule) = subjects::find::<Schedule>(&mut tx, asked.schedule.0).await? else { return Ok(()) };
    // Paused, changed, or done already by another server.
    if !asked.by_hand && schedule.next_at != Some(asked.due) {
        return Ok(());
    }
    let run = Uuid::now_v7();
    if begin(&mut tx, run, &asked).await? {
        let people = identity::users(&mut tx).await?;
        match trouble(&mut tx, &schedule, &people).await? {
            Some(trouble) => end(&mut tx, run, &trouble).await?,
            None => {
                for recipient in &schedule.recipients {
                    let trouble = refused(recipient, &people);
                    mails::write(&mut tx, run, schedule.id, recipient, trouble).await?;
                }
            }
        }
    }
    if !asked.by_hand {
        let from = tx.now().max(asked.due);
        let after = Schedule { next_at: Some(next::next(&schedule.timing, from)?), ..schedule.clone() };
        subjects::update(&mut tx, &schedule, &after).await?;
        enqueue(&mut tx, &after).await?;
    } else {
        super::runs::tell(&mut tx, schedule.id);
    }
    tx.commit().await?;
    Ok(())
}

/// Writes down a run, unless the same moment was run before.
async fn begin(tx: &mut Tx, run: Uuid, asked: &Asked) -> Result<bool> {
    let (workspace, now, by_hand) = (tx.workspace(), tx.now().0, i64::from(asked.by_hand));
    let new = on!(tx, c => sqlx::query(
        "INSERT INTO schedule_runs (workspace_id, id, schedule_id, due_at, at, by_hand) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT DO NOTHING")
        .bind(workspace).bind(run).bind(asked.schedule.0).bind(asked.due.0).bind(now).bind(by_hand)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(new == 1)
}

async fn end(tx: &mut Tx, run: Uuid, trouble: &Trouble) -> Result<()> {
    let (workspace, trouble) = (tx.workspace(), serde_json::to_string(trouble)?);
    on!(tx, c => sqlx::query("UPDATE schedule_runs SET trouble = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(run).bind(&trouble).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Returns why a schedule sends nothing to anybody: its owner may not any more, or has no such report.
pub(super) async fn trouble(tx: &mut Tx, schedule: &Schedule, people: &[User]) -> Result<Option<Trouble>> {
    let owner = people.iter().find(|person| person.id == schedule.owner_id);
    if owner.is_none_or(|owner| owner.deactivated_at.is_some() || owner.role < MAKER) {
        return Ok(Some(Trouble::OwnerLeft));
    }
    let report = report_of(tx, &schedule.draft(), schedule.owner_id).await?;
    Ok(report.is_none().then_some(Trouble::ReportGone))
}

/// Returns why a person of the workspace gets nothing.
pub(super) fn refused(recipient: &Recipient, people: &[User]) -> Option<Trouble> {
    let Recipient::User(id) = recipient else { return None };
    let person = people.iter().find(|person| person.id == *id);
    person.is_none_or(|person| person.deactivated_at.is_some()).then_some(Trouble::Deactivated)
}
