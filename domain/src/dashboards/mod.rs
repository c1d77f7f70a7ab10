//! Dashboards: reports beside each other, each as large as it needs to be.

mod templates;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::fields::Catalogue;
use crate::id::{DashboardId, ReportId, UserId};
use crate::identity::check_name;
use crate::refusal::{FieldError, Refusal};
use crate::reports::Spec;
use crate::time::Timestamp;

pub use templates::{TEMPLATES, template};

/// Most widgets of a dashboard.
pub const WIDGETS_MAX: usize = 24;
/// Most columns that a widget is wide; the page has as many.
pub const WIDTH_MAX: u8 = 4;
/// Most rows that a widget is high.
pub const HEIGHT_MAX: u8 = 3;
/// Most characters of the name of a widget.
const NAME_CHARS_MAX: usize = 200;

/// A dashboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Identifies the dashboard.
    pub id: DashboardId,
    /// Counts its changes.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// Who made it.
    pub owner_id: UserId,
    /// Whether everybody in the workspace sees it, or its owner alone.
    pub shared: bool,
    /// What it shows, in order.
    pub widgets: Vec<Widget>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// One report on a dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widget {
    /// Tells the widgets of a dashboard apart.
    pub id: u32,
    /// What it is called; empty where its report says it.
    #[serde(default)]
    pub name: String,
    /// What it shows.
    pub shows: Shows,
    /// How many columns wide.
    pub width: u8,
    /// How many rows high.
    pub height: u8,
}

/// What a widget shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// A report of its own.
    Spec(Spec),
    /// A saved report, as it is saved now.
    Report(ReportId),
}

/// What a person says of a dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardDraft {
    /// What it is called.
    pub name: String,
    /// Whether everybody sees it.
    pub shared: bool,
    /// What it shows.
    pub widgets: Vec<Widget>,
}

impl Dashboard {
    /// Returns the dashboard as it is stored, or everything that is wrong with it.
    pub fn check(mut self, catalogue: &Catalogue) -> Result<Self, Refusal> {
        let mut wrong = Vec::new();
        match check_name("name", &self.name) {
            Ok(name) => self.name = name,
            Err(error) => wrong.push(error),
        }
        if self.widgets.len() > WIDGETS_MAX {
            wrong.push(error("Put at most 24 widgets on a dashboard."));
        }
        let mut seen = std::collections::BTreeSet::new();
        for widget in &mut self.widgets {
            if !seen.insert(widget.id) {
                wrong.push(error("Two widgets have one number. Reload the page and try again."));
            }
            wrong.extend(widget.check(catalogue));
        }
        if wrong.is_empty() { Ok(self) } else { Err(Refusal::Invalid(wrong)) }
    }

    /// Returns the dashboard as a person would say it.
    #[must_use]
    pub fn draft(&self) -> DashboardDraft {
        DashboardDraft { name: self.name.clone(), shared: self.shared, widgets: self.widgets.clone() }
    }
}

impl Widget {
    fn check(&mut self, catalogue: &Catalogue) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        self.name = self.name.trim().to_owned();
        if self.name.chars().count() > NAME_CHARS_MAX {
            wrong.push(error("Use at most 200 characters for the name of a widget."));
        }
        if !(1..=WIDTH_MAX).contains(&self.width) || !(1..=HEIGHT_MAX).contains(&self.height) {
            wrong.push(error("A widget is 1 to 4 columns wide and 1 to 3 rows high."));
        }
        if let Shows::Spec(spec) = &mut self.shows {
            match spec.clone().check(catalogue) {
                Ok(checked) => *spec = checked,
                Err(Refusal::Invalid(more)) => wrong.extend(more),
                Err(refused) => wrong.push(error(&refused.to_string())),
            }
        }
        wrong
    }
}

fn error(message: &str) -> FieldError {
    FieldError { field: "widgets".to_owned(), message: message.to_owned() }
}

impl DashboardDraft {
    /// Puts a widget at the end.
    pub fn add(&mut self, shows: Shows, name: String, width: u8, height: u8) {
        let id = self.widgets.iter().map(|widget| widget.id).max().unwrap_or_default().saturating_add(1);
        self.widgets.push(Widget { id, name, shows, width, height });
    }

    /// Moves a widget by so many places, as far as there are any; returns the place it then has.
    pub fn shift(&mut self, id: u32, by: i32) -> Option<usize> {
        let place = self.place(id)?;
        let last = self.widgets.len().saturating_sub(1);
        let to = place.saturating_add_signed(isize::try_from(by).unwrap_or_default()).min(last);
        let widget = self.widgets.remove(place);
        self.widgets.insert(to, widget);
        Some(to)
    }

    /// Moves a widget to the place of another one.
    pub fn put_at(&mut self, id: u32, other: u32) -> Option<usize> {
        let (from, to) = (self.place(id)?, self.place(other)?);
        self.shift(id, i32::try_from(to).ok()? - i32::try_from(from).ok()?)
    }

    /// Makes a widget wider and higher by so much, as far as it goes; returns its columns and rows.
    pub fn resize(&mut self, id: u32, wider: i8, higher: i8) -> Option<(u8, u8)> {
        let place = self.place(id)?;
        let widget = self.widgets.get_mut(place)?;
        widget.width = widget.width.saturating_add_signed(wider).clamp(1, WIDTH_MAX);
        widget.height = widget.height.saturating_add_signed(higher).clamp(1, HEIGHT_MAX);
        Some((widget.width, widget.height))
    }

    /// Takes a widget away.
    pub fn remove(&mut self, id: u32) {
        self.widgets.retain(|widget| widget.id != id);
    }

    /// Returns a widget to change.
    pub fn widget_mut(&mut self, id: u32) -> Option<&mut Widget> {
        self.widgets.iter_mut().find(|widget| widget.id == id)
    }

    fn place(&self, id: u32) -> Option<usize> {
        self.widgets.iter().position(|widget| widget.id == id)
    }
}
