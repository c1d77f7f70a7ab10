//! What came of schedules: their runs with the mails of each.

use std::collections::HashMap;

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::{ScheduleId, ScheduleRunId};
use domain::schedules::{Mail, Run};
use domain::time::Timestamp;
use serde_json::{Map, json};
use sqlx::FromRow;
use uuid::Uuid;

use super::mine;
use crate::error::Result;
use crate::tx::{NewEntry, Tx, on};

/// Runs that are listed.
const LISTED_MAX: i64 = 30;

#[derive(FromRow)]
struct RunRow {
    id: Uuid,
    schedule_id: Uuid,
    due_at: i64,
    at: i64,
    by_hand: i64,
    trouble: Option<String>,
}

#[derive(FromRow)]
struct MailRow {
    run_id: Uuid,
    name: Option<String>,
    address: Option<String>,
    attempts: i64,
    sent_at: Option<i64>,
    dead_at: Option<i64>,
    trouble: Option<String>,
}

/// The runs of one schedule, `$2`.
macro_rules! of_one {
    () => {
        "SELECT id, schedule_id, due_at, at, by_hand, trouble FROM schedule_runs AS r \
         WHERE r.workspace_id = $1 AND r.schedule_id = $2 ORDER BY r.id DESC LIMIT $3"
    };
}

/// The newest run of each schedule; `$2` and `$3` have the types that they have above.
macro_rules! of_each {
    () => {
        "SELECT id, schedule_id, due_at, at, by_hand, trouble FROM schedule_runs AS r \
         WHERE r.workspace_id = $1 AND (r.schedule_id = $2 OR $3 > 0) AND NOT EXISTS (SELECT 1 FROM schedule_runs AS n \
         WHERE n.workspace_id = $1 AND n.schedule_id = r.schedule_id AND n.id > r.id)"
    };
}

macro_rules! mails_of {
    ($runs:expr) => {
        concat!(
            "SELECT m.run_id, u.name, m.address, m.attempts, m.sent_at, m.dead_at, m.trouble FROM (",
            $runs,
            ") AS x JOIN schedule_mails AS m ON m.workspace_id = $1 AND m.run_id = x.id \
             LEFT JOIN users AS u ON u.workspace_id = m.workspace_id AND u.id = m.user_id ORDER BY m.id"
        )
    };
}

/// Returns the newest runs of a schedule: its owner may ask, and managers.
pub async fn runs(tx: &mut Tx, id: ScheduleId) -> Result<Vec<Run>> {
    mine(tx, id).await?;
    let runs = read(tx, id.0, of_one!(), mails_of!(of_one!())).await?;
    Ok(runs.into_iter().map(|(_, run)| run).collect())
}

/// Returns the newest run of each schedule.
pub(super) async fn newest(tx: &mut Tx) -> Result<HashMap<Uuid, Run>> {
    let runs = read(tx, Uuid::nil(), of_each!(), mails_of!(of_each!())).await?;
    Ok(runs.into_iter().collect())
}

async fn read(tx: &mut Tx, id: Uuid, sql: &'static str, mails: &'static str) -> Result<Vec<(Uuid, Run)>> {
    let workspace = tx.workspace();
    let rows: Vec<RunRow> =
        on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(id).bind(LISTED_MAX).fetch_all(c).await)?;
    let mails: Vec<MailRow> =
        on!(tx, c => sqlx::query_as(mails).bind(workspace).bind(id).bind(LISTED_MAX).fetch_all(c).await)?;
    let mut of_run: HashMap<Uuid, Vec<Mail>> = HashMap::new();
    for row in mails {
        let (run, mail) = (row.run_id, row.mail()?);
        of_run.entry(run).or_default().push(mail);
    }
    let run = |row: RunRow| {
        let run = Run {
            id: ScheduleRunId(row.id),
            due_at: Timestamp(row.due_at),
            at: Timestamp(row.at),
            by_hand: row.by_hand != 0,
            trouble: row.trouble.as_deref().map(serde_json::from_str).transpose()?,
            mails: of_run.remove(&row.id).unwrap_or_default(),
        };
        Ok((row.schedule_id, run))
    };
    rows.into_iter().map(run).collect()
}

impl MailRow {
    fn mail(self) -> Result<Mail> {
        Ok(Mail {
            to: self.name.or(self.address).unwrap_or_default(),
            attempts: u32::try_from(self.attempts).unwrap_or_default(),
            sent_at: self.sent_at.map(Timestamp),
            dead_at: self.dead_at.map(Timestamp),
            trouble: self.trouble.as_deref().map(serde_json::from_str).transpose()?,
        })
    }
}

/// Leaves a line in the log by which open screens know that a run went on.
pub(super) fn tell(tx: &mut Tx, id: ScheduleId) {
    tx.record(NewEntry {
        change: Change::Updated,
        subject: Subject::Schedule,
        subject_id: id.0,
        account: None,
        before: Map::new(),
        after: Map::from_iter([("mails".to_owned(), json!(true))]),
    });
}
