//! The computed fields that the demo comes with, made as an administrator would make them.

use domain::id::WorkspaceId;
use domain::identity::Actor;

use crate::error::Result;
use crate::pool::Db;
use crate::{formula, health};

/// What they are called, and their formulas.
const FIELDS: [(&str, &str); 2] = [
    ("Revenue per seat", "round(arr / seats, 2)"),
    (
        "Renewal call",
        "if(days_until(renewal) < 0, \"past\", if(days_until(renewal) < 90 and coalesce(sentiment, 50) < 60, \"call now\", \
         if(days_until(renewal) < 120, \"plan it\", \"no hurry\")))",
    ),
];

/// Makes the computed fields and computes them for every account.
pub async fn add_computed_fields(db: &Db, workspace: WorkspaceId) -> Result<()> {
    let mut tx = db.write(&Actor::system(workspace)).await?;
    for (label, text) in FIELDS {
        formula::create(&mut tx, label, text).await?;
    }
    tx.commit().await?;
    health::catch_up(db, workspace).await?;
    Ok(())
}
