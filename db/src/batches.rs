//! Batches: groups of changes that are undone together, such as an import or a bulk edit.

use domain::changes::Batch;
use domain::id::{BatchId, UserId};
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{Tx, on};

#[derive(FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    label: String,
    counts: Json<Value>,
    created_at: i64,
    created_by: Option<Uuid>,
    undone_at: Option<i64>,
}

impl From<Row> for Batch {
    fn from(row: Row) -> Self {
        Self {
            id: BatchId(row.id),
            kind: row.kind,
            label: row.label,
            counts: row.counts.0,
            created_at: Timestamp(row.created_at),
            created_by: row.created_by.map(UserId),
            undone_at: row.undone_at.map(Timestamp),
        }
    }
}

/// Opens a batch; everything recorded in the transaction from here on belongs to it.
pub async fn open(tx: &mut Tx, kind: &str, label: &str) -> Result<BatchId> {
    tx.require(Role::Csm)?;
    let id = BatchId(Uuid::now_v7());
    let (workspace, now, user) = (tx.workspace(), tx.now().0, tx.actor().user.map(|user| user.0));
    let label: String = label.chars().take(200).collect();
    on!(tx, c => sqlx::query(
        "INSERT INTO batches (workspace_id, id, kind, label, counts, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(workspace).bind(id.0).bind(kind).bind(&label).bind(Json(Value::Object(serde_json::Map::new())))
        .bind(now).bind(user).execute(c).await.map(|_| ()))?;
    tx.set_batch(id);
    Ok(id)
}

/// Notes what a batch did, for the list of batches.
pub async fn set_counts(tx: &mut Tx, id: BatchId, counts: &Value) -> Result<()> {
    tx.require(Role::Csm)?;
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query("UPDATE batches SET counts = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).bind(Json(counts)).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Returns one batch, or refuses.
pub async fn get(tx: &mut Tx, id: BatchId) -> Result<Batch> {
    let workspace = tx.workspace();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, kind, label, counts, created_at, created_by, undone_at FROM batches WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    Ok(row.ok_or(Refusal::NotFound)?.into())
}

/// Returns the newest batches of one kind (`import`, `edit`, `undo`).
pub async fn list(tx: &mut Tx, kind: &str, limit: i64) -> Result<Vec<Batch>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, kind, label, counts, created_at, created_by, undone_at FROM batches \
         WHERE workspace_id = $1 AND kind = $2 ORDER BY created_at DESC, id DESC LIMIT $3")
        .bind(workspace).bind(kind).bind(limit.clamp(1, 200)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Batch::from).collect())
}

/// Marks a batch as undone.
pub(crate) async fn close(tx: &mut Tx, id: BatchId) -> Result<()> {
    let (workspace, now, user) = (tx.workspace(), tx.now().0, tx.actor().user.map(|user| user.0));
    let closed = on!(tx, c => sqlx::query(
        "UPDATE batches SET undone_at = $3, undone_by = $4 WHERE workspace_id = $1 AND id = $2 AND undone_at IS NULL")
        .bind(workspace).bind(id.0).bind(now).bind(user).execute(c).await.map(|done| done.rows_affected()))?;
    if closed == 0 {
        return Err(Refusal::Conflict("This was undone already.".to_owned()).into());
    }
    Ok(())
}
