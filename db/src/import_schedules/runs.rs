//! What came of scheduled imports, run by run.

use std::collections::HashMap;

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::{ImportRunId, ImportScheduleId};
use domain::identity::Role;
use domain::import_schedules::{Outcome, Run, Trouble};
use domain::time::Timestamp;
use serde_json::{Map, json};
use sqlx::FromRow;
use uuid::Uuid;

use super::get;
use crate::error::Result;
use crate::tx::{NewEntry, Tx, on};

/// Runs that are listed.
const LISTED_MAX: i64 = 30;
/// Longest words of a refusal that are kept, in characters.
const WORDS_CHARS_MAX: usize = 1_000;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    schedule_id: Uuid,
    due_at: i64,
    at: i64,
    by_hand: i64,
    attempts: i64,
    file: Option<String>,
    outcome: Option<String>,
    ended_at: Option<i64>,
    undone_at: Option<i64>,
}

impl Row {
    fn run(self) -> Result<Run> {
        Ok(Run {
            id: ImportRunId(self.id),
            due_at: Timestamp(self.due_at),
            at: Timestamp(self.at),
            by_hand: self.by_hand != 0,
            attempts: u32::try_from(self.attempts).unwrap_or_default(),
            file: self.file,
            outcome: self.outcome.as_deref().map(serde_json::from_str).transpose()?,
            ended_at: self.ended_at.map(Timestamp),
            undone_at: self.undone_at.map(Timestamp),
        })
    }
}

macro_rules! runs_where {
    ($which:literal) => {
        concat!(
            "SELECT r.id, r.schedule_id, r.due_at, r.at, r.by_hand, r.attempts, r.file, r.outcome, r.ended_at, \
             b.undone_at FROM import_runs AS r \
             LEFT JOIN batches AS b ON b.workspace_id = r.workspace_id AND b.id = r.batch_id \
             WHERE r.workspace_id = $1 AND ",
            $which
        )
    };
}

/// Returns the newest runs of a scheduled import.
pub async fn runs(tx: &mut Tx, id: ImportScheduleId) -> Result<Vec<Run>> {
    get(tx, id).await?;
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(runs_where!("r.schedule_id = $2 ORDER BY r.id DESC LIMIT $3"))
        .bind(workspace).bind(id.0).bind(LISTED_MAX).fetch_all(c).await)?;
    rows.into_iter().map(Row::run).collect()
}

/// Returns the newest run of each scheduled import.
pub(super) async fn newest(tx: &mut Tx) -> Result<HashMap<Uuid, Run>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(runs_where!(
        "NOT EXISTS (SELECT 1 FROM import_runs AS n WHERE n.workspace_id = $1 AND n.schedule_id = r.schedule_id \
         AND n.id > r.id)"))
        .bind(workspace).fetch_all(c).await)?;
    rows.into_iter().map(|row| Ok((row.schedule_id, row.run()?))).collect()
}

/// Returns the fingerprint of the file that was read last.
pub(super) async fn fingerprint(tx: &mut Tx, id: ImportScheduleId) -> Result<Option<String>> {
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_scalar(
        "SELECT fingerprint FROM import_runs WHERE workspace_id = $1 AND schedule_id = $2 AND fingerprint IS NOT NULL \
         ORDER BY id DESC LIMIT 1")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?)
}

/// Writes down what came of one try, and `for_good` that no other follows. Only the server does.
pub async fn settle(tx: &mut Tx, run: ImportRunId, outcome: &Outcome, for_good: bool) -> Result<()> {
    tx.require(Role::Admin)?;
    note(tx, run, Ended { outcome, file: None, fingerprint: None, for_good }).await?;
    Ok(())
}

/// What is written down of a try.
pub(super) struct Ended<'a> {
    pub(super) outcome: &'a Outcome,
    pub(super) file: Option<&'a str>,
    pub(super) fingerprint: Option<&'a str>,
    pub(super) for_good: bool,
}

/// Writes a try down and returns whose it is; nothing where the run has ended.
pub(super) async fn note(tx: &mut Tx, run: ImportRunId, ended: Ended<'_>) -> Result<Option<ImportScheduleId>> {
    let Ended { outcome, file, fingerprint, for_good } = ended;
    let (workspace, at) = (tx.workspace(), for_good.then_some(tx.now().0));
    let batch = match outcome {
        Outcome::Imported(imported) => Some(imported.batch.0),
        _ => None,
    };
    let outcome = serde_json::to_string(&shortened(outcome.clone()))?;
    let noted: Option<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "UPDATE import_runs SET attempts = attempts + 1, outcome = $3, file = COALESCE($4, file), fingerprint = $5, \
         batch_id = $6, ended_at = $7 WHERE workspace_id = $1 AND id = $2 AND ended_at IS NULL RETURNING schedule_id")
        .bind(workspace).bind(run.0).bind(&outcome).bind(file).bind(fingerprint).bind(batch).bind(at)
        .fetch_optional(c).await)?;
    let schedule = noted.map(|(id,)| ImportScheduleId(id));
    // Inside of a batch, the line would be taken back with it; the import has told before.
    if let Some(schedule) = schedule.filter(|_| batch.is_none()) {
        tell(tx, schedule);
    }
    Ok(schedule)
}

fn shortened(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Failed(Trouble::Refused(words)) => {
            Outcome::Failed(Trouble::Refused(words.chars().take(WORDS_CHARS_MAX).collect()))
        }
        other => other,
    }
}

/// Leaves a line in the log by which open screens know that a run went on.
pub(super) fn tell(tx: &mut Tx, id: ImportScheduleId) {
    tx.record(NewEntry {
        change: Change::Updated,
        subject: Subject::ImportSchedule,
        subject_id: id.0,
        account: None,
        before: Map::new(),
        after: Map::from_iter([("run".to_owned(), json!(true))]),
    });
}
