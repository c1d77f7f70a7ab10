//! What reports ask the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::id::{BatchId, ReportId};
use domain::reports::{Answer, Part, Report, ReportDraft, Rows, Spec};
use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// Returns the numbers of a report.
#[server(input = Json)]
pub async fn load_report(spec: Spec) -> Result<Answer> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::reports::answer(&mut tx, spec).await?)
}

/// Returns the accounts behind a number of a report.
#[server(input = Json)]
pub async fn load_report_rows(spec: Spec, part: Part) -> Result<Rows> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::reports::rows(&mut tx, spec, &part).await?)
}

/// Returns the metrics that usage was ever reported of.
#[server]
pub async fn list_metrics() -> Result<Vec<String>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::reports::metrics(&mut tx).await?)
}

/// Returns the saved reports that the person sees.
#[server]
pub async fn list_reports() -> Result<Vec<Report>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::reports::list(&mut tx).await?)
}

/// Returns the numbers of a report that leaves as a file.
#[server(input = Json)]
pub async fn take_report(spec: Spec) -> Result<Answer> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let answer = db::reports::take(&mut tx, spec).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Saves a new report, or with an id replaces that one.
#[server(input = Json)]
pub async fn save_report(id: Option<ReportId>, draft: ReportDraft) -> Result<Report> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let report = match id {
        Some(id) => db::reports::update(&mut tx, id, draft).await?,
        None => db::reports::create(&mut tx, draft).await?,
    };
    tx.commit().await?;
    Ok(report)
}

/// Deletes a report and returns what takes that back.
#[server]
pub async fn remove_report(id: ReportId) -> Result<BatchId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::reports::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Takes the deletion of a report back.
#[server]
pub async fn restore_report(batch: BatchId) -> Result<Report> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let report = db::reports::restore(&mut tx, batch).await?;
    tx.commit().await?;
    Ok(report)
}
