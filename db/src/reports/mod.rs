//! Reports: the numbers that somebody asks for, and the reports that people saved.

mod run;

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::ReportId;
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::reports::{Answer, Keyed, Report, ReportDraft, Spec};
use serde_json::{Map, Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use crate::accounts;
use crate::error::Result;
use crate::subjects::{self, from_document};
use crate::tx::{NewEntry, Tx, on};

pub use run::answer;

/// Most reports that one person sees.
const REPORTS_MAX: i64 = 500;

/// Returns the asking person's reports and the shared ones, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<Report>> {
    let (workspace, user) = (tx.workspace(), tx.actor().user.map(|user| user.0));
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM reports WHERE workspace_id = $1 AND (shared = 1 OR owner_id = $2) ORDER BY lower(name), id LIMIT $3")
        .bind(workspace).bind(user).bind(REPORTS_MAX).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}

/// Saves a new report; sharing it takes a manager.
pub async fn create(tx: &mut Tx, draft: ReportDraft) -> Result<Report> {
    let owner = tx.actor().user.ok_or(Refusal::SignedOut)?;
    if draft.shared {
        tx.require(Role::Manager)?;
    }
    if list(tx).await?.len() as i64 >= REPORTS_MAX {
        return Err(Refusal::Conflict("There are 500 reports already. Delete some first.".to_owned()).into());
    }
    let ReportDraft { name, shared, spec } = draft;
    let (id, now) = (ReportId(Uuid::now_v7()), tx.now());
    let report = Report { id, version: 1, name, owner_id: owner, shared, spec, created_at: now, updated_at: now };
    let report = report.check(&accounts::catalogue(tx).await?)?;
    subjects::create(tx, &report).await?;
    Ok(report)
}

/// Replaces what a report is: its owner may, and managers for shared ones.
pub async fn update(tx: &mut Tx, id: ReportId, draft: ReportDraft) -> Result<Report> {
    let before = mine(tx, id).await?;
    if draft.shared && !before.shared {
        tx.require(Role::Manager)?;
    }
    let ReportDraft { name, shared, spec } = draft;
    let after = Report { name, shared, spec, ..before.clone() }.check(&accounts::catalogue(tx).await?)?;
    subjects::update(tx, &before, &after).await?;
    subjects::get(tx, id.0).await
}

/// Deletes a report: its owner may, and managers for shared ones.
pub async fn remove(tx: &mut Tx, id: ReportId) -> Result<()> {
    let report = mine(tx, id).await?;
    subjects::remove(tx, &report).await
}

/// Answers a report that leaves as a file, and notes in the log who takes what.
pub async fn take(tx: &mut Tx, spec: Spec) -> Result<Answer> {
    tx.require(Role::Csm)?;
    let answer = answer(tx, spec).await?;
    let measures: Vec<&str> = answer.spec.measures.iter().map(|measure| measure.key()).collect();
    let after = json!({
        "what": Subject::Report.key(), "format": "csv", "rows": answer.groups.len(), "filter": answer.spec.filter,
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

async fn mine(tx: &mut Tx, id: ReportId) -> Result<Report> {
    let report: Report = subjects::get(tx, id.0).await?;
    let is_own = Some(report.owner_id) == tx.actor().user;
    match (is_own, report.shared) {
        (true, _) => Ok(report),
        (false, true) => {
            tx.require(Role::Manager)?;
            Ok(report)
        }
        // Somebody else's private report does not exist for anybody else.
        (false, false) => Err(Refusal::NotFound.into()),
    }
}
