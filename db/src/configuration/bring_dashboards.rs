//! Bringing in dashboards that everybody sees, after the reports that they show.

use domain::configuration::{DashboardPart, Section, State, numbered};
use domain::dashboards::{Dashboard, Widget};
use domain::id::DashboardId;
use uuid::Uuid;

use super::bring::{Desk, Place, take};
use super::bring_rest::owner;
use super::present;
use crate::accounts;
use crate::error::Result;
use crate::subjects::{self, document};

/// Brings dashboards in.
pub(super) async fn bring(desk: &mut Desk<'_>, parts: Vec<DashboardPart>) -> Result<()> {
    let reports = present::report_names(desk.tx).await?;
    let mut left = present::shared_dashboards(desk.tx).await?;
    let catalogue = accounts::catalogue(desk.tx).await?;
    let names = numbered(parts.iter().map(|part| part.name.trim()));
    for (number, (part, name)) in parts.iter().zip(&names).enumerate() {
        let place = Place { section: Section::Dashboards, name, number };
        let known = take(&mut left, name);
        let widgets = part.widgets(&reports).map_err(crate::Error::from);
        let Some(widgets) = desk.attempt(place, widgets).await? else { continue };
        let dashboard = match known.as_ref().map(|known| known.it.clone()) {
            Some(dashboard) => Ok(Dashboard { name: part.name.clone(), widgets, ..dashboard }),
            None => made(desk, part.name.clone(), widgets),
        };
        let dashboard = dashboard.and_then(|dashboard| Ok(dashboard.check(&catalogue)?));
        let Some(dashboard) = desk.attempt(place, dashboard).await? else { continue };
        let after = document(&DashboardPart::of(&dashboard, &reports))?;
        if desk.compare(place, known.as_ref().map(|known| &known.doc), &after) != State::Same {
            match known {
                Some(known) => drop(subjects::update(desk.tx, &known.it, &dashboard).await?),
                None => subjects::create(desk.tx, &dashboard).await?,
            }
        }
    }
    for dashboard in desk.leave(Section::Dashboards, left) {
        subjects::remove(desk.tx, &dashboard.it).await?;
    }
    Ok(())
}

fn made(desk: &Desk<'_>, name: String, widgets: Vec<Widget>) -> Result<Dashboard> {
    let (owner_id, now, id) = (owner(desk)?, desk.tx.now(), DashboardId(Uuid::now_v7()));
    Ok(Dashboard { id, version: 1, name, owner_id, shared: true, widgets, created_at: now, updated_at: now })
}
