//! Who looked at a link. Strangers cause these rows, so that they are few, short, and not in the change log: its
//! chain keeps what people of the workspace do, for ever, and nobody outside may make it longer.

use domain::id::{ShareId, WorkspaceId};
use domain::identity::Actor;
use domain::shares::{Access, Outcome};
use domain::time::Timestamp;
use uuid::Uuid;

use super::mine;
use crate::error::{Error, Result};
use crate::pool::Db;
use crate::tx::{Tx, on};

/// Looks that are kept of each link; older ones are forgotten.
const KEPT_MAX: i64 = 1_000;
/// Looks that are listed.
const LISTED_MAX: i64 = 200;
/// Longest name of a program, in characters.
const PROGRAM_CHARS_MAX: usize = 60;

/// Writes down a look at a link; the clock says when.
pub async fn note(db: &Db, workspace: WorkspaceId, share: ShareId, access: &Access) -> Result<()> {
    let mut tx = db.write(&Actor::system(workspace)).await?;
    let (workspace, id, now) = (tx.workspace(), Uuid::now_v7(), tx.now().0);
    let program: String = access.program.chars().take(PROGRAM_CHARS_MAX).collect();
    on!(tx, c => sqlx::query(
        "INSERT INTO share_accesses (workspace_id, id, share_id, at, network, program, outcome) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(workspace).bind(id).bind(share.0).bind(now).bind(&access.network).bind(&program)
        .bind(access.outcome.key()).execute(c).await.map(|_| ()))?;
    on!(tx, c => sqlx::query(
        "DELETE FROM share_accesses WHERE workspace_id = $1 AND share_id = $2 AND id <= (SELECT id FROM share_accesses \
         WHERE workspace_id = $1 AND share_id = $2 ORDER BY id DESC LIMIT 1 OFFSET $3)")
        .bind(workspace).bind(share.0).bind(KEPT_MAX).execute(c).await.map(|_| ()))?;
    tx.commit().await?;
    Ok(())
}

/// Returns who looked at a link, the newest first: its maker may ask, and managers.
pub async fn accesses(tx: &mut Tx, id: ShareId) -> Result<Vec<Access>> {
    mine(tx, id).await?;
    let workspace = tx.workspace();
    let rows: Vec<(i64, String, String, String)> = on!(tx, c => sqlx::query_as(
        "SELECT at, network, program, outcome FROM share_accesses WHERE workspace_id = $1 AND share_id = $2 \
         ORDER BY id DESC LIMIT $3")
        .bind(workspace).bind(id.0).bind(LISTED_MAX).fetch_all(c).await)?;
    let access = |(at, network, program, outcome): (i64, String, String, String)| {
        let outcome = Outcome::from_key(&outcome).ok_or_else(|| Error::Stored(format!("unknown outcome {outcome}")))?;
        Ok(Access { at: Timestamp(at), network, program, outcome })
    };
    rows.into_iter().map(access).collect()
}
