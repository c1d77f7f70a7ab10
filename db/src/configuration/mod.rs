//! Configuration as one readable file: taking it out, seeing what bringing one in would change, doing so, and
//! taking that back.
//!
//! To see what a file would change is to bring it in and not to commit: what is checked then is what is checked when
//! it counts.

mod bring;
mod bring_dashboards;
mod bring_fields;
mod bring_rest;
mod file;
mod present;
mod undo;
mod write;
mod yaml;

use domain::changes::{Batch, Change};
use domain::configuration::{Applied, Pick, Plan, State, TEXT_BYTES_MAX};
use domain::fields::Subject;
use domain::identity::{Actor, Role};
use domain::refusal::Refusal;
use serde_json::{Map, json};

use crate::error::Result;
use crate::pool::Db;
use crate::tx::{NewEntry, Tx};
use crate::{batches, secret};

pub(crate) use undo::take_back;

/// The kind of the batches in which configurations are brought in, and taken back.
pub const BATCH: &str = "configuration";

/// Returns the configuration as a file, and notes in the log who takes it. Administrators only.
pub async fn export(tx: &mut Tx) -> Result<String> {
    tx.require(Role::Admin)?;
    let (text, things) = present::text(tx).await?;
    let after = json!({"what": BATCH, "format": "yaml", "rows": things});
    tx.record(NewEntry {
        change: Change::Exported,
        subject: Subject::Workspace,
        subject_id: tx.workspace(),
        account: None,
        before: Map::new(),
        after: after.as_object().cloned().unwrap_or_default(),
    });
    Ok(text)
}

/// Returns what a file would change, and everything that is wrong with it; nothing is written. What is picked would
/// go, if the file does not name it. Administrators only.
pub async fn preview(db: &Db, actor: &Actor, text: &str, picks: &[Pick]) -> Result<Plan> {
    actor.require(Role::Admin)?;
    check_size(text)?;
    let mut tx = db.write(actor).await?;
    bring::bring(&mut tx, text, picks, "").await
}

/// Brings a file in as one batch, if the configuration is still the one that `mark` stands for. Administrators only.
pub async fn apply(db: &Db, actor: &Actor, name: &str, text: &str, picks: &[Pick], mark: &str) -> Result<Applied> {
    actor.require(Role::Admin)?;
    check_size(text)?;
    let mut tx = db.write(actor).await?;
    let batch = batches::open(&mut tx, BATCH, name).await?;
    let plan = bring::bring(&mut tx, text, picks, name).await?;
    if plan.mark != mark {
        let message = "Somebody changed the configuration since you looked at the differences. Look at them again.";
        return Err(Refusal::Conflict(message.to_owned()).into());
    }
    if !plan.problems.is_empty() {
        let message = "There are mistakes in this file. Correct them and look at the differences again.";
        return Err(Refusal::Conflict(message.to_owned()).into());
    }
    let count = |state| plan.count(state);
    let (added, changed, removed) = (count(State::Added), count(State::Changed), count(State::Removed));
    let unchanged = count(State::Same);
    if !plan.changes() {
        return Ok(Applied { batch: None, added, changed, removed, unchanged });
    }
    let counts = json!({"added": added, "changed": changed, "removed": removed, "unchanged": unchanged});
    batches::set_counts(&mut tx, batch, &counts).await?;
    tx.commit().await?;
    Ok(Applied { batch: Some(batch), added, changed, removed, unchanged })
}

/// Returns the configurations that were brought in, and what was taken back of them, the latest first. Administrators
/// only.
pub async fn history(tx: &mut Tx) -> Result<Vec<Batch>> {
    /// Batches that are shown.
    const SHOWN: i64 = 20;
    tx.require(Role::Admin)?;
    batches::list(tx, BATCH, SHOWN).await
}

fn check_size(text: &str) -> Result<()> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Refusal::field("file", "A configuration has at most 1 MB. Take out what you do not need.").into());
    }
    Ok(())
}

/// Returns what stands for a configuration as it is now.
async fn mark(tx: &mut Tx) -> Result<String> {
    Ok(secret::digest(present::text(tx).await?.0.as_bytes()))
}
