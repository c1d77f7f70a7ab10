//! What dashboards ask the server.
#![expect(missing_docs, reason = "the fields of what `server` generates are the arguments")]

use domain::dashboards::{Dashboard, DashboardDraft};
use domain::id::{BatchId, DashboardId};
use domain::reports::{Answer, Report};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::Result;
#[cfg(feature = "ssr")]
use crate::session::signed_in;

/// A dashboard with the numbers of its widgets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// The dashboard.
    pub dashboard: Dashboard,
    /// What each widget says.
    pub told: Vec<Told>,
}

/// What one widget says; each fails by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The number of the widget.
    pub widget: u32,
    /// What the saved report is called that it shows.
    pub report: Option<String>,
    /// The numbers.
    pub answer: Result<Answer>,
}

/// Returns the dashboards that the person sees.
#[server]
pub async fn list_dashboards() -> Result<Vec<Dashboard>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::dashboards::list(&mut tx).await?)
}

/// Returns a dashboard with the numbers of its widgets.
#[server]
pub async fn load_dashboard(id: DashboardId) -> Result<Board> {
    let (db, who) = signed_in().await?;
    let dashboard = db::dashboards::get(&mut db.read(&who.actor).await?, id).await?;
    let mut told = Vec::with_capacity(dashboard.widgets.len());
    for widget in &dashboard.widgets {
        // A transaction of its own: on PostgreSQL a statement that fails breaks the one it is in.
        let mut tx = db.read(&who.actor).await?;
        let (report, answer) = match db::dashboards::answer(&mut tx, widget).await {
            Ok((report, answer)) => (report, Ok(answer)),
            Err(error) => (None, Err(error.into())),
        };
        told.push(Told { widget: widget.id, report, answer });
    }
    Ok(Board { dashboard, told })
}

/// Returns the saved reports that a widget can show.
#[server]
pub async fn list_reports_to_show() -> Result<Vec<Report>> {
    let (db, who) = signed_in().await?;
    let mut tx = db.read(&who.actor).await?;
    Ok(db::reports::list(&mut tx).await?)
}

/// Saves a new dashboard.
#[server(input = Json)]
pub async fn add_dashboard(draft: DashboardDraft) -> Result<Dashboard> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let dashboard = db::dashboards::create(&mut tx, draft).await?;
    tx.commit().await?;
    Ok(dashboard)
}

/// Replaces what a dashboard is, if it is still the version that the person saw.
#[server(input = Json)]
pub async fn save_dashboard(id: DashboardId, version: i64, draft: DashboardDraft) -> Result<Dashboard> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let dashboard = db::dashboards::update(&mut tx, id, version, draft).await?;
    tx.commit().await?;
    Ok(dashboard)
}

/// Deletes a dashboard and returns what takes that back.
#[server]
pub async fn remove_dashboard(id: DashboardId) -> Result<BatchId> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let batch = db::dashboards::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(batch)
}

/// Takes the deletion of a dashboard back.
#[server]
pub async fn restore_dashboard(batch: BatchId) -> Result<Dashboard> {
    let (db, who) = signed_in().await?;
    let mut tx = db.write(&who.actor).await?;
    let dashboard = db::dashboards::restore(&mut tx, batch).await?;
    tx.commit().await?;
    Ok(dashboard)
}
