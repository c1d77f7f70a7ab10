//! The task queue: work for later, enqueued in the transaction that wants it.

use domain::id::TaskId;
use domain::identity::Actor;
use domain::time::Timestamp;
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::identity;
use crate::pool::Db;
use crate::tx::{Tx, on};

/// How long a worker may hold a task before another may take it.
const LEASE_MS: i64 = 60_000;
/// First wait after a failure; doubled each time.
const BACKOFF_MS: i64 = 2_000;
/// How often a task is tried that does not say otherwise.
const TRIES: i64 = 8;
/// Longest wait between two tries.
const BACKOFF_MAX_MS: i64 = 3_600_000;

/// A task that a worker has leased.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Identifies the task.
    pub id: TaskId,
    /// What to do.
    pub kind: String,
    /// With what.
    pub payload: Value,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// How often it may be tried.
    pub attempts_max: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    payload: Json<Value>,
    attempts: i64,
    attempts_max: i64,
}

/// Enqueues a task; with a unique key, one that waits already is left as it is.
pub async fn enqueue(
    tx: &mut Tx,
    kind: &str,
    payload: &Value,
    unique_key: Option<&str>,
    run_at: Timestamp,
) -> Result<()> {
    enqueue_for(tx, kind, payload, unique_key, run_at, TRIES).await
}

/// Enqueues a task as [`enqueue`] does, which is tried so often.
pub(crate) async fn enqueue_for(
    tx: &mut Tx,
    kind: &str,
    payload: &Value,
    unique_key: Option<&str>,
    run_at: Timestamp,
    tries: i64,
) -> Result<()> {
    let (id, workspace, now) = (TaskId(Uuid::now_v7()), tx.workspace(), tx.now().0);
    on!(tx, c => sqlx::query(
        "INSERT INTO tasks (workspace_id, id, kind, payload, unique_key, created_at, run_at, attempts_max) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING")
        .bind(workspace).bind(id.0).bind(kind).bind(Json(payload)).bind(unique_key).bind(now).bind(run_at.0)
        .bind(tries).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Takes the next task that is due and of none of the kinds `without`, so that no other worker does it at the same time.
pub async fn lease(tx: &mut Tx, without: &[&str]) -> Result<Option<Task>> {
    // Two PostgreSQL workers must not wait for each other; SQLite has one writer and no such words.
    let sql = if tx.is_sqlite() {
        "UPDATE tasks SET attempts = attempts + 1, leased_until = $3 WHERE workspace_id = $1 AND id = (SELECT id FROM tasks \
         WHERE workspace_id = $1 AND run_at <= $2 AND done_at IS NULL AND dead_at IS NULL \
         AND (leased_until IS NULL OR leased_until < $2) AND kind NOT IN (SELECT value FROM json_each($4)) \
         ORDER BY run_at, id LIMIT 1) RETURNING id, kind, payload, attempts, attempts_max"
    } else {
        "UPDATE tasks SET attempts = attempts + 1, leased_until = $3 WHERE workspace_id = $1 AND id = (SELECT id FROM tasks \
         WHERE workspace_id = $1 AND run_at <= $2 AND done_at IS NULL AND dead_at IS NULL \
         AND (leased_until IS NULL OR leased_until < $2) \
         AND kind NOT IN (SELECT jsonb_array_elements_text($4::text::jsonb)) \
         ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, kind, payload, attempts, attempts_max"
    };
    let (workspace, now, without) = (tx.workspace(), tx.now().0, serde_json::to_string(without)?);
    let row: Option<Row> = on!(tx, c => sqlx::query_as(sql)
        .bind(workspace).bind(now).bind(now + LEASE_MS).bind(&without).fetch_optional(c).await)?;
    Ok(row.map(|row| Task {
        id: TaskId(row.id),
        kind: row.kind,
        payload: row.payload.0,
        attempts: row.attempts,
        attempts_max: row.attempts_max,
    }))
}

/// Frees what the process before had leased, where no other process can have the database open.
pub async fn release(db: &Db) -> Result<()> {
    if db.is_postgres() {
        return Ok(());
    }
    for workspace in identity::workspaces(db).await? {
        let mut tx = db.write(&Actor::system(workspace)).await?;
        let workspace = tx.workspace();
        on!(tx, c => sqlx::query(
            "UPDATE tasks SET leased_until = NULL WHERE workspace_id = $1 AND leased_until IS NOT NULL AND done_at IS NULL")
            .bind(workspace).execute(c).await.map(|_| ()))?;
        tx.commit().await?;
    }
    Ok(())
}

/// Returns whether a task of none of the kinds `without` is due, so that a worker with nothing to do writes nothing.
pub async fn is_due(tx: &mut Tx, without: &[&str]) -> Result<bool> {
    let sql = if tx.is_sqlite() {
        "SELECT run_at FROM tasks WHERE workspace_id = $1 AND run_at <= $2 AND done_at IS NULL AND dead_at IS NULL \
         AND (leased_until IS NULL OR leased_until < $2) AND kind NOT IN (SELECT value FROM json_each($3)) LIMIT 1"
    } else {
        "SELECT run_at FROM tasks WHERE workspace_id = $1 AND run_at <= $2 AND done_at IS NULL AND dead_at IS NULL \
         AND (leased_until IS NULL OR leased_until < $2) \
         AND kind NOT IN (SELECT jsonb_array_elements_text($3::text::jsonb)) LIMIT 1"
    };
    let (workspace, now, without) = (tx.workspace(), tx.now().0, serde_json::to_string(without)?);
    let row: Option<(i64,)> =
        on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(now).bind(&without).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Keeps a task that takes longer than a lease.
pub async fn keep(tx: &mut Tx, id: TaskId) -> Result<()> {
    let (workspace, until) = (tx.workspace(), tx.now().0 + LEASE_MS);
    on!(tx, c => sqlx::query("UPDATE tasks SET leased_until = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).bind(until).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Marks a task as done.
pub async fn finish(tx: &mut Tx, id: TaskId) -> Result<()> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    on!(tx, c => sqlx::query("UPDATE tasks SET done_at = $3, leased_until = NULL WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Notes a failure: the task comes again later, or is dead after its last try.
pub async fn fail(tx: &mut Tx, task: &Task, error: &str) -> Result<()> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let doublings = u32::try_from(task.attempts.clamp(1, 20) - 1).unwrap_or(0);
    let wait = BACKOFF_MS.saturating_mul(2i64.saturating_pow(doublings)).min(BACKOFF_MAX_MS);
    // The low bits of the id spread tasks that failed together.
    let jitter = i64::from(task.id.0.as_bytes()[15]) * wait / 1_024;
    let dead = (task.attempts >= task.attempts_max).then_some(now);
    let error: String = error.chars().take(1_000).collect();
    on!(tx, c => sqlx::query(
        "UPDATE tasks SET last_error = $3, run_at = $4, dead_at = $5, leased_until = NULL WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(task.id.0).bind(&error).bind(now + wait + jitter).bind(dead).execute(c).await.map(|_| ()))?;
    Ok(())
}
