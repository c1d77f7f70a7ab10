//! The shadow: what a draft would say, computed beside the live scores and shown to nobody but managers.

use domain::id::ScorecardId;

use crate::error::Result;
use crate::tx::{Tx, on};

/// Forgets what the draft of a scorecard came to.
pub(super) async fn forget(tx: &mut Tx, id: ScorecardId) -> Result<()> {
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query("DELETE FROM shadow_scores WHERE workspace_id = $1 AND scorecard_id = $2")
        .bind(workspace).bind(id.0).execute(c).await.map(|_| ()))?;
    Ok(())
}
