//! Reading what reports keep in memory before somebody asks for it.

use domain::id::WorkspaceId;
use domain::identity::Actor;
use domain::reports::{About, READY, Spec, ready};

use super::run::answer;
use crate::error::Result;
use crate::pool::Db;

/// Answers the ready reports about what is kept in memory, so that the first who looks need not wait until it is read.
/// Each has a transaction of its own, which only reads.
pub async fn warm(db: &Db, workspace: WorkspaceId) -> Result<()> {
    let actor = Actor::system(workspace);
    let is_kept = |spec: &Spec| matches!(spec.about, About::Accounts | About::Revenue | About::Usage);
    for spec in READY.iter().filter_map(|key| ready(key)).filter(is_kept) {
        answer(&mut db.read(&actor).await?, spec).await?;
    }
    Ok(())
}
