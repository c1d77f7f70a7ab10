//! The run of a scheduled import: begun once for each moment, and ended in the transaction that imports.

use domain::id::{ImportRunId, ImportScheduleId, WorkspaceId};
use domain::identity::Actor;
use domain::import::report::Report;
use domain::import_schedules::{ImportSchedule, Imported, MAKER, Outcome, Trouble};
use domain::refusal::Refusal;
use domain::schedules::next;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::runs::{self, Ended};
use crate::error::Result;
use crate::pool::Db;
use crate::tasks::{self, Task};
use crate::tx::{Tx, on};
use crate::{identity, subjects};

/// The kind of the task that imports a file.
pub const TASK: &str = "import_schedule";
/// How often a file is asked for before a run is given up.
const TRIES: i64 = 4;
/// Rows with errors whose reasons are kept.
const ERRORS_KEPT: usize = 3;

/// What the task carries.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    schedule: ImportScheduleId,
    due: Timestamp,
    by_hand: bool,
}

/// A run that waits for its file.
#[derive(Clone, Debug)]
pub struct Job {
    /// The run.
    pub run: ImportRunId,
    /// What is imported.
    pub schedule: ImportSchedule,
    /// Who imports, with what they may do now.
    pub owner: Actor,
}

/// Enqueues the next moment of a scheduled import; one that waits for the same moment already is left as it is.
pub(super) async fn enqueue(tx: &mut Tx, schedule: &ImportSchedule) -> Result<()> {
    let Some(due) = schedule.next_at else { return Ok(()) };
    ask(tx, &Asked { schedule: schedule.id, due, by_hand: false }).await
}

/// Enqueues a run that a person wants now.
pub(super) async fn enqueue_by_hand(tx: &mut Tx, schedule: &ImportSchedule) -> Result<()> {
    let due = tx.now();
    ask(tx, &Asked { schedule: schedule.id, due, by_hand: true }).await
}

async fn ask(tx: &mut Tx, asked: &Asked) -> Result<()> {
    let key = format!("{}/{}", asked.schedule, asked.due.0);
    tasks::enqueue_for(tx, TASK, &serde_json::to_value(asked)?, Some(&key), asked.due, TRIES).await
}

/// Begins the run that a task asks for, or goes on with it after a try that failed, and asks for the next moment.
/// Returns nothing where there is nothing to import: it rests, was changed, is done, or its owner may not any more.
pub async fn begin(db: &Db, workspace: WorkspaceId, task: &Task) -> Result<Option<Job>> {
    let asked: Asked = serde_json::from_value(task.payload.clone())?;
    let mut tx = db.write(&Actor::system(workspace)).await?;
    let Some(schedule) = subjects::find::<ImportSchedule>(&mut tx, asked.schedule.0).await? else { return Ok(None) };
    let run = match known(&mut tx, &asked).await? {
        Some((_, Some(_))) => return Ok(None),
        Some((run, None)) => ImportRunId(run),
        None if !asked.by_hand && schedule.next_at != Some(asked.due) => return Ok(None),
        None => open(&mut tx, &asked, &schedule).await?,
    };
    let owner = owner(&mut tx, &schedule).await?;
    if owner.is_none() {
        runs::settle(&mut tx, run, &Outcome::Failed(Trouble::OwnerLeft), true).await?;
    }
    tx.commit().await?;
    Ok(owner.map(|owner| Job { run, schedule, owner }))
}

/// Returns the run of a moment and when it ended, if it was begun.
async fn known(tx: &mut Tx, asked: &Asked) -> Result<Option<(Uuid, Option<i64>)>> {
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_as(
        "SELECT id, ended_at FROM import_runs WHERE workspace_id = $1 AND schedule_id = $2 AND due_at = $3")
        .bind(workspace).bind(asked.schedule.0).bind(asked.due.0).fetch_optional(c).await)?)
}

/// Writes down a run. A server that was away for days begins one, since the next moment follows from today.
async fn open(tx: &mut Tx, asked: &Asked, schedule: &ImportSchedule) -> Result<ImportRunId> {
    let run = Uuid::now_v7();
    let (workspace, now, by_hand) = (tx.workspace(), tx.now(), i64::from(asked.by_hand));
    on!(tx, c => sqlx::query(
        "INSERT INTO import_runs (workspace_id, id, schedule_id, due_at, at, by_hand) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(workspace).bind(run).bind(asked.schedule.0).bind(asked.due.0).bind(now.0).bind(by_hand)
        .execute(c).await.map(|_| ()))?;
    if asked.by_hand {
        runs::tell(tx, schedule.id);
    } else {
        let next_at = next::next(&schedule.timing, now.max(asked.due))?;
        let after = ImportSchedule { next_at: Some(next_at), ..schedule.clone() };
        subjects::update(tx, schedule, &after).await?;
        enqueue(tx, &after).await?;
    }
    Ok(ImportRunId(run))
}

/// Returns whoever answers for a scheduled import, as they are now; nobody where they may not any more.
pub(super) async fn owner(tx: &mut Tx, schedule: &ImportSchedule) -> Result<Option<Actor>> {
    let people = identity::users(tx).await?;
    let person = people.into_iter().find(|person| person.id == schedule.owner_id);
    let person = person.filter(|person| person.deactivated_at.is_none() && person.role >= MAKER);
    let workspace = tx.actor().workspace;
    Ok(person.map(|person| Actor { workspace, user: Some(person.id), role: person.role }))
}

/// The run that an import is for. Its end stands in the transaction of the import: no file is imported twice, and
/// none is noted that was not.
#[derive(Clone, Debug)]
pub(crate) struct Noted {
    pub(super) run: ImportRunId,
    pub(super) schedule: ImportScheduleId,
    pub(super) file: String,
    pub(super) fingerprint: String,
}

impl Noted {
    /// Says that the run goes on. This comes before the batch, to which it does not belong.
    pub(crate) async fn begin(&self, tx: &mut Tx) -> Result<()> {
        runs::tell(tx, self.schedule);
        tx.flush_log().await
    }

    /// Ends the run, or refuses where another server did.
    pub(crate) async fn end(&self, tx: &mut Tx, report: &Report) -> Result<()> {
        let imported = Imported {
            batch: report.batch,
            created: report.created,
            updated: report.updated,
            unchanged: report.unchanged,
            both: report.both,
            left_out: report.conflict + report.invalid,
            errors: report.errors.iter().take(ERRORS_KEPT).map(ToString::to_string).collect(),
        };
        let ended = Ended {
            outcome: &Outcome::Imported(imported),
            file: Some(&self.file),
            fingerprint: Some(&self.fingerprint),
            for_good: true,
        };
        if runs::note(tx, self.run, ended).await?.is_some() {
            return Ok(());
        }
        Err(Refusal::Conflict("This file was imported meanwhile. Nothing was changed.".to_owned()).into())
    }
}
