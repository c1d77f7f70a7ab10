//! The attempts to learn a model: asked for by a person or the calendar, done by a task, kept with what came of them.

use domain::churn::{Came, RETRAIN_DAYS, Training};
use domain::id::{ChurnTrainingId, TaskId, UserId};
use domain::identity::{Actor, Role};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::train::TASK;
use crate::error::Result;
use crate::pool::Db;
use crate::tasks;
use crate::tx::{Tx, on};

/// The kind of the task that learns anew every month.
pub const MONTHLY: &str = "churn_monthly";
/// Attempts that the list shows.
const TRAININGS_MAX: i64 = 20;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    started_at: i64,
    started_by: Option<Uuid>,
    done: i64,
    total: i64,
    ended_at: Option<i64>,
    came: Option<String>,
}

fn training_of(row: Row) -> Result<Training> {
    Ok(Training {
        id: ChurnTrainingId(row.id),
        started_at: Timestamp(row.started_at),
        started_by: row.started_by.map(UserId),
        done: u32::try_from(row.done).unwrap_or_default(),
        total: u32::try_from(row.total).unwrap_or_default(),
        ended_at: row.ended_at.map(Timestamp),
        came: row.came.as_deref().map(serde_json::from_str).transpose()?,
    })
}

/// Asks for a new model, which a task learns; managers and administrators. One attempt of a workspace goes on at a time.
pub async fn start(tx: &mut Tx) -> Result<ChurnTrainingId> {
    let id = begin(tx).await?;
    let now = tx.now();
    tasks::enqueue(tx, TASK, &json!({ "training": id }), None, now).await?;
    Ok(id)
}

/// Notes that an attempt begins.
pub(super) async fn begin(tx: &mut Tx) -> Result<ChurnTrainingId> {
    tx.require(Role::Manager)?;
    let (id, workspace, now) = (ChurnTrainingId(super::fresh()), tx.workspace(), tx.now());
    let running: Option<(i64,)> = on!(tx, c => sqlx::query_as(
        "SELECT started_at FROM churn_trainings WHERE workspace_id = $1 AND ended_at IS NULL LIMIT 1")
        .bind(workspace).fetch_optional(c).await)?;
    if running.is_some() {
        return Err(Refusal::Conflict(
            "A model is being learnt already. Wait until it is done, or stop it.".to_owned(),
        )
        .into());
    }
    let user = tx.actor().user.map(|user| user.0);
    on!(tx, c => sqlx::query(
        "INSERT INTO churn_trainings (workspace_id, id, started_at, started_by) VALUES ($1, $2, $3, $4)")
        .bind(workspace).bind(id.0).bind(now.0).bind(user).execute(c).await.map(|_| ()))?;
    Ok(id)
}

/// Returns the newest attempts, newest first; everybody may look.
pub async fn trainings(tx: &mut Tx) -> Result<Vec<Training>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, started_at, started_by, done, total, ended_at, came FROM churn_trainings \
         WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2")
        .bind(workspace).bind(TRAININGS_MAX).fetch_all(c).await)?;
    rows.into_iter().map(training_of).collect()
}

pub(super) async fn training(tx: &mut Tx, id: ChurnTrainingId) -> Result<Training> {
    let workspace = tx.workspace();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, started_at, started_by, done, total, ended_at, came FROM churn_trainings \
         WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    training_of(row.ok_or(Refusal::NotFound)?)
}

/// Stops an attempt before its next step; managers and administrators.
pub async fn stop(tx: &mut Tx, id: ChurnTrainingId) -> Result<()> {
    tx.require(Role::Manager)?;
    training(tx, id).await?;
    end(tx, id, &Came::Stopped).await
}

/// Notes what came of an attempt that has not ended yet.
pub(super) async fn end(tx: &mut Tx, id: ChurnTrainingId, came: &Came) -> Result<()> {
    let (workspace, now, came) = (tx.workspace(), tx.now().0, serde_json::to_string(came)?);
    on!(tx, c => sqlx::query(
        "UPDATE churn_trainings SET ended_at = $3, came = $4 WHERE workspace_id = $1 AND id = $2 AND ended_at IS NULL")
        .bind(workspace).bind(id.0).bind(now).bind(&came).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Notes how far an attempt is and keeps its task; refuses where somebody has stopped it.
pub(super) async fn note(
    db: &Db,
    actor: &Actor,
    (id, task): (ChurnTrainingId, Option<TaskId>),
    (done, total): (u32, u32),
) -> Result<()> {
    let mut tx = db.write(actor).await?;
    if training(&mut tx, id).await?.ended_at.is_some() {
        return Err(Refusal::Conflict("This was stopped.".to_owned()).into());
    }
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query("UPDATE churn_trainings SET done = $3, total = $4 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).bind(i64::from(done)).bind(i64::from(total)).execute(c).await.map(|_| ()))?;
    if let Some(task) = task {
        tasks::keep(&mut tx, task).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Returns when a model is learnt next by itself; nothing before the first attempt.
pub async fn next_training(tx: &mut Tx) -> Result<Option<Timestamp>> {
    waiting(tx, TaskId(Uuid::nil())).await
}

async fn waiting(tx: &mut Tx, except: TaskId) -> Result<Option<Timestamp>> {
    let workspace = tx.workspace();
    let at: Option<i64> = on!(tx, c => sqlx::query_scalar(
        "SELECT MIN(run_at) FROM tasks WHERE workspace_id = $1 AND kind = $2 AND id <> $3 AND done_at IS NULL AND dead_at IS NULL")
        .bind(workspace).bind(MONTHLY).bind(except.0).fetch_one(c).await)?;
    Ok(at.map(Timestamp))
}

/// Sees to it that a model is learnt again in a month; `task` is the one that is being done.
pub(super) async fn schedule(tx: &mut Tx, task: Option<TaskId>) -> Result<()> {
    if waiting(tx, task.unwrap_or(TaskId(Uuid::nil()))).await?.is_none() {
        let at = tx.now().plus_days(RETRAIN_DAYS);
        tasks::enqueue(tx, MONTHLY, &json!({}), None, at).await?;
    }
    Ok(())
}
