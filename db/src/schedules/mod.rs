//! Saved reports that are sent again and again: set up, changed, paused, run.
//!
//! The next moment of a schedule is a task in the queue. The task says which moment it is for, and does nothing once
//! the schedule says another: pausing and changing need not look for it.

mod mails;
mod run;
mod runs;

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::{ScheduleId, UserId};
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::reports::Report;
use domain::schedules::{MAKER, Recipient, Schedule, ScheduleDraft, ScheduleRow, next};
use serde_json::{Map, Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::identity;
use crate::reports;
use crate::subjects::{self, from_document};
use crate::tx::{NewEntry, Tx, on};

pub use mails::{MAIL, Outgoing, Ready, prepare, settle};
pub use run::{TASK, perform};
pub use runs::runs;

/// Most schedules of a workspace.
const SCHEDULES_MAX: i64 = 500;

/// Returns the asking person's schedules, and for managers everybody's, the newest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<ScheduleRow>> {
    let user = tx.actor().user.ok_or(Refusal::SignedOut)?;
    let (workspace, all) = (tx.workspace(), i64::from(tx.actor().role >= Role::Manager));
    let docs: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM schedules WHERE workspace_id = $1 AND (owner_id = $2 OR $3 = 1) ORDER BY id DESC LIMIT $4")
        .bind(workspace).bind(user.0).bind(all).bind(SCHEDULES_MAX).fetch_all(c).await)?;
    let mut newest = runs::newest(tx).await?;
    let known = reports::list(tx).await?;
    let row = |(Json(doc),): (Json<Map<String, Value>>,)| -> Result<ScheduleRow> {
        let schedule: Schedule = from_document(doc)?;
        Ok(ScheduleRow {
            report: known.iter().find(|report| report.id == schedule.report_id).map(|report| report.name.clone()),
            next: schedule.next_at.map(|at| next::wall(at, &schedule.timing.zone)),
            last: newest.remove(&schedule.id.0),
            schedule,
        })
    };
    docs.into_iter().map(row).collect()
}

/// Sets up a schedule, or with an id replaces what that one is: its owner may, and managers.
pub async fn save(tx: &mut Tx, id: Option<ScheduleId>, draft: ScheduleDraft) -> Result<Schedule> {
    tx.require(MAKER)?;
    let asking = tx.actor().user.ok_or(Refusal::SignedOut)?;
    let before = match id {
        Some(id) => Some(mine(tx, id).await?),
        None => None,
    };
    let draft = draft.checked()?;
    let owner = before.as_ref().map_or(asking, |before| before.owner_id);
    if report_of(tx, &draft, owner).await?.is_none() {
        // Somebody else's private report does not exist for anybody else.
        return Err(Refusal::NotFound.into());
    }
    check_recipients(tx, &draft).await?;
    let (now, is_paused) = (tx.now(), before.as_ref().is_some_and(|before| before.paused_at.is_some()));
    let next_at = next::next(&draft.timing, now)?;
    let ScheduleDraft { report_id, timing, recipients, csv, pdf } = draft;
    let schedule = match &before {
        Some(before) => Schedule { report_id, timing, recipients, csv, pdf, ..before.clone() },
        None => Schedule {
            id: ScheduleId(Uuid::now_v7()),
            version: 1,
            report_id,
            owner_id: owner,
            timing,
            recipients,
            csv,
            pdf,
            paused_at: None,
            next_at: None,
            created_at: now,
            updated_at: now,
        },
    };
    let schedule = Schedule { next_at: (!is_paused).then_some(next_at), ..schedule };
    match before {
        Some(before) => drop(subjects::update(tx, &before, &schedule).await?),
        None => {
            if count(tx).await? >= SCHEDULES_MAX {
                let words = "The workspace has 500 schedules. Delete some that are not needed.";
                return Err(Refusal::Conflict(words.to_owned()).into());
            }
            subjects::create(tx, &schedule).await?;
        }
    }
    run::enqueue(tx, &schedule).await?;
    subjects::get(tx, schedule.id.0).await
}

async fn count(tx: &mut Tx) -> Result<i64> {
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_scalar("SELECT COUNT(*) FROM schedules WHERE workspace_id = $1")
        .bind(workspace).fetch_one(c).await)?)
}

/// Returns the report of a schedule, if its owner sees it.
pub(crate) async fn report_of(tx: &mut Tx, draft: &ScheduleDraft, owner: UserId) -> Result<Option<Report>> {
    let report: Option<Report> = subjects::find(tx, draft.report_id.0).await?;
    Ok(report.filter(|report| report.shared || report.owner_id == owner))
}

async fn check_recipients(tx: &mut Tx, draft: &ScheduleDraft) -> Result<()> {
    let people = identity::users(tx).await?;
    let outside = outside_mail(tx).await?;
    for recipient in &draft.recipients {
        match recipient {
            Recipient::User(id) => {
                let person = people.iter().find(|person| person.id == *id).ok_or(Refusal::NotFound)?;
                if person.deactivated_at.is_some() {
                    let message = format!("{} was deactivated and gets no mail. Choose somebody else.", person.name);
                    return Err(Refusal::field("recipients", message).into());
                }
            }
            Recipient::Outside(_) if !outside => {
                let message = "This workspace sends reports to its own people only. An administrator can allow other \
                    addresses under Settings, Sharing.";
                return Err(Refusal::field("recipients", message).into());
            }
            Recipient::Outside(_) => {}
        }
    }
    Ok(())
}

/// Lets a schedule rest, or makes it go on: from its next moment, with nothing made up for.
pub async fn pause(tx: &mut Tx, id: ScheduleId, paused: bool) -> Result<Schedule> {
    let before = mine(tx, id).await?;
    if before.paused_at.is_some() == paused {
        return Ok(before);
    }
    let now = tx.now();
    let next_at = if paused { None } else { Some(next::next(&before.timing, now)?) };
    let after = Schedule { paused_at: paused.then_some(now), next_at, ..before.clone() };
    subjects::update(tx, &before, &after).await?;
    run::enqueue(tx, &after).await?;
    subjects::get(tx, id.0).await
}

/// Deletes a schedule. What was sent stays written down.
pub async fn remove(tx: &mut Tx, id: ScheduleId) -> Result<()> {
    let schedule = mine(tx, id).await?;
    subjects::remove(tx, &schedule).await
}

/// Has a report sent now, as if its moment had come; the next one stays where it is.
pub async fn run_now(tx: &mut Tx, id: ScheduleId) -> Result<()> {
    let schedule = mine(tx, id).await?;
    run::enqueue_by_hand(tx, &schedule).await
}

/// Returns whether reports may be sent to addresses of nobody in the workspace.
pub async fn outside_mail(tx: &mut Tx) -> Result<bool> {
    let workspace = tx.workspace();
    let since: Option<i64> = on!(tx, c => sqlx::query_scalar("SELECT outside_mail_at FROM workspaces WHERE id = $1")
        .bind(workspace).fetch_one(c).await)?;
    Ok(since.is_some())
}

/// Says whether reports may be sent to addresses of nobody in the workspace. Administrators only.
pub async fn set_outside_mail(tx: &mut Tx, allowed: bool) -> Result<()> {
    tx.require(Role::Admin)?;
    let before = outside_mail(tx).await?;
    if before == allowed {
        return Ok(());
    }
    let (workspace, since) = (tx.workspace(), allowed.then_some(tx.now().0));
    on!(tx, c => sqlx::query("UPDATE workspaces SET outside_mail_at = $2 WHERE id = $1")
        .bind(workspace).bind(since).execute(c).await.map(|_| ()))?;
    let state = |allowed: bool| Map::from_iter([("outside_mail".to_owned(), json!(allowed))]);
    tx.record(NewEntry {
        change: Change::Updated,
        subject: Subject::Workspace,
        subject_id: workspace,
        account: None,
        before: state(before),
        after: state(allowed),
    });
    Ok(())
}

/// Returns a schedule that the asking person may deal with; anybody else's does not exist for them.
async fn mine(tx: &mut Tx, id: ScheduleId) -> Result<Schedule> {
    tx.require(MAKER)?;
    let schedule: Schedule = subjects::get(tx, id.0).await?;
    if Some(schedule.owner_id) != tx.actor().user && tx.actor().role < Role::Manager {
        return Err(Refusal::NotFound.into());
    }
    Ok(schedule)
}
