//! Taking back what a configuration brought and no document holds: scorecards, and the settings of the workspace.

use domain::changes::{Change, Entry, UndoConflict, UndoReport};
use domain::configuration::WorkspacePart;
use domain::fields::Subject;
use domain::id::{BatchId, ScorecardId};
use serde_json::{Map, Value};

use super::{bring, present};
use crate::error::Result;
use crate::health::exchange;
use crate::log;
use crate::tx::Tx;

/// Most lines of one configuration that are about scorecards and settings, generously.
const LINES_MAX: i64 = 100_000;

/// Takes the lines of a batch back that are about scorecards and settings, the last first. It goes before the
/// documents, as scorecards may look at fields that go then.
pub(crate) async fn take_back(tx: &mut Tx, batch: BatchId, report: &mut UndoReport) -> Result<()> {
    for row in log::of_batch(tx, batch, i64::MAX, LINES_MAX).await? {
        if !matches!(row.subject()?, Subject::Scorecard | Subject::Workspace) {
            continue;
        }
        let entry = log::entry(row)?;
        let done = match (entry.subject, entry.change) {
            (Subject::Scorecard, Change::Created | Change::Updated) => {
                exchange::undo(tx, ScorecardId(entry.subject_id), &entry.before, &entry.after).await?
            }
            (Subject::Workspace, Change::Updated) => settings(tx, &entry).await?,
            _ => continue,
        };
        match done {
            Ok(()) => report.undone += 1,
            Err(reason) => {
                report.conflicts += 1;
                let name = entry.after.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
                report.examples.push(UndoConflict {
                    subject: entry.subject,
                    subject_id: entry.subject_id,
                    name,
                    reason: reason.to_owned(),
                });
            }
        }
    }
    Ok(())
}

async fn settings(tx: &mut Tx, entry: &Entry) -> Result<std::result::Result<(), &'static str>> {
    let part = |fields: &Map<String, Value>| {
        serde_json::from_value::<WorkspacePart>(Value::Object(fields.clone())).unwrap_or_default()
    };
    let (was, became, present) = (part(&entry.before), part(&entry.after), present::workspace(tx).await?);
    fn is_other<T: PartialEq>(became: &Option<T>, present: &Option<T>) -> bool {
        became.is_some() && became != present
    }
    let is_changed = is_other(&became.name, &present.name)
        || is_other(&became.currency, &present.currency)
        || is_other(&became.rollup, &present.rollup);
    if is_changed {
        return Ok(Err("The settings were changed since."));
    }
    let wanted = WorkspacePart {
        name: was.name.or_else(|| present.name.clone()),
        currency: was.currency.or_else(|| present.currency.clone()),
        rollup: was.rollup.or(present.rollup),
    };
    bring::settle(tx, &present, &wanted).await?;
    Ok(Ok(()))
}
