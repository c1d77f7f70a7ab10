//! Dashboards: whose they are, and the numbers of all their widgets at once.

use domain::dashboards::{Dashboard, DashboardDraft, Shows, Widget};
use domain::id::{BatchId, DashboardId};
use domain::reports::{Answer, Report};
use uuid::Uuid;

use crate::error::Result;
use crate::reports;
use crate::saved;
use crate::tx::Tx;

/// Returns the asking person's dashboards and the shared ones, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<Dashboard>> {
    saved::list(tx).await
}

/// Returns a dashboard that the asking person sees.
pub async fn get(tx: &mut Tx, id: DashboardId) -> Result<Dashboard> {
    saved::get(tx, id.0).await
}

/// Saves a new dashboard; sharing it takes a manager.
pub async fn create(tx: &mut Tx, draft: DashboardDraft) -> Result<Dashboard> {
    let (owner_id, now, id) = (saved::maker(tx)?, tx.now(), DashboardId(Uuid::now_v7()));
    let DashboardDraft { name, shared, widgets } = draft;
    let dashboard = Dashboard { id, version: 1, name, owner_id, shared, widgets, created_at: now, updated_at: now };
    saved::create(tx, dashboard).await
}

/// Replaces what a dashboard is: its owner may, and managers for shared ones. Whoever saw another version than the
/// present one is told so.
pub async fn update(tx: &mut Tx, id: DashboardId, version: i64, draft: DashboardDraft) -> Result<Dashboard> {
    let DashboardDraft { name, shared, widgets } = draft;
    saved::update(tx, id.0, Some(version), |known: Dashboard| Dashboard { name, shared, widgets, ..known }).await
}

/// Deletes a dashboard: its owner may, and managers for shared ones. Returns what takes the deletion back.
pub async fn remove(tx: &mut Tx, id: DashboardId) -> Result<BatchId> {
    saved::remove::<Dashboard>(tx, id.0).await
}

/// Takes one's own deletion of a dashboard back.
pub async fn restore(tx: &mut Tx, batch: BatchId) -> Result<Dashboard> {
    saved::restore(tx, batch).await
}

/// Returns the numbers of a widget, with the name of the saved report that it shows.
pub async fn answer(tx: &mut Tx, widget: &Widget) -> Result<(Option<String>, Answer)> {
    match &widget.shows {
        Shows::Spec(spec) => Ok((None, reports::answer(tx, spec.clone()).await?)),
        Shows::Report(id) => {
            let report = saved::get::<Report>(tx, id.0).await?;
            Ok((Some(report.name), reports::answer(tx, report.spec).await?))
        }
    }
}
