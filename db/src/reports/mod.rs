//! Reports: the numbers that somebody asks for, and the reports that people saved.

mod chosen;
mod moves;
mod portfolio;
mod run;
mod usage;
mod used;
mod warm;
mod work;

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::{BatchId, ReportId};
use domain::identity::Role;
use domain::reports::{Answer, Keyed, Report, ReportDraft, Spec};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::error::Result;
use crate::saved;
use crate::tx::{NewEntry, Tx};

pub(crate) use moves::paid;
pub use run::{answer, rows};
pub use usage::metrics;
pub use warm::warm;
pub(crate) use work::only;

/// Returns the asking person's reports and the shared ones, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<Report>> {
    saved::list(tx).await
}

/// Returns a report that the asking person sees.
pub async fn get(tx: &mut Tx, id: ReportId) -> Result<Report> {
    saved::get(tx, id.0).await
}

/// Saves a new report; sharing it takes a manager.
pub async fn create(tx: &mut Tx, draft: ReportDraft) -> Result<Report> {
    let (owner_id, now, id) = (saved::maker(tx)?, tx.now(), ReportId(Uuid::now_v7()));
    let ReportDraft { name, shared, spec } = draft;
    saved::create(tx, Report { id, version: 1, name, owner_id, shared, spec, created_at: now, updated_at: now }).await
}

/// Replaces what a report is: its owner may, and managers for shared ones.
pub async fn update(tx: &mut Tx, id: ReportId, draft: ReportDraft) -> Result<Report> {
    let ReportDraft { name, shared, spec } = draft;
    saved::update(tx, id.0, None, |report: Report| Report { name, shared, spec, ..report }).await
}

/// Deletes a report: its owner may, and managers for shared ones. Returns what takes the deletion back.
pub async fn remove(tx: &mut Tx, id: ReportId) -> Result<BatchId> {
    saved::remove::<Report>(tx, id.0).await
}

/// Takes one's own deletion of a report back.
pub async fn restore(tx: &mut Tx, batch: BatchId) -> Result<Report> {
    saved::restore(tx, batch).await
}

/// Answers a report that leaves as a file, and notes in the log who takes what.
pub async fn take(tx: &mut Tx, spec: Spec) -> Result<Answer> {
    take_as(tx, spec, "csv").await
}

/// Answers a report that leaves as a file of a kind, and notes in the log who takes what.
pub async fn take_as(tx: &mut Tx, spec: Spec, format: &str) -> Result<Answer> {
    tx.require(Role::Csm)?;
    let answer = answer(tx, spec).await?;
    let measures: Vec<&str> = answer.spec.measures.iter().map(|measure| measure.key()).collect();
    let after = json!({
        "what": Subject::Report.key(), "format": format, "rows": answer.groups.len(), "filter": answer.spec.filter,
        "columns": measures, "about": answer.spec.about.key(), "by": answer.spec.by.key(),
    });
    tx.record(NewEntry {
        change: Change::Exported,
        subject: Subject::Workspace,
        subject_id: tx.workspace(),
        account: None,
        before: Map::new(),
        after: match after {
            Value::Object(after) => after,
            _ => Map::new(),
        },
    });
    Ok(answer)
}
