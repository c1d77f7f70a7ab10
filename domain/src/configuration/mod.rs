//! The configuration of a workspace as one file: what stands in it, and what bringing it in would change.
//!
//! Things are called by their names, never by ids, so that the file means the same in another workspace. What a file
//! does not name stays as it is.

mod diff;
mod file;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::id::BatchId;
use crate::time::Timestamp;

pub use diff::{differences, shown};
pub use file::{
    BuiltInPart, CardPart, DashboardPart, FieldPart, ReportPart, RulePart, ViewPart, WidgetPart, WorkspacePart,
    numbered,
};

/// The number of the form in which configurations are written.
pub const FORMAT: u32 = 1;
/// Largest configuration that is read, in bytes.
pub const TEXT_BYTES_MAX: usize = 1_000_000;
/// Most differences of one thing that are named.
pub const DIFFERENCES_MAX: usize = 100;

/// A part of a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// The workspace's own settings.
    Workspace,
    /// Custom fields, the computed ones among them.
    Fields,
    /// Scorecards: what is in force, and what is being worked on.
    Scorecards,
    /// What people changed of the rules that come with Keepwell.
    BuiltInRules,
    /// Rules that people made.
    Rules,
    /// Views that everybody sees.
    Views,
    /// Reports that everybody sees.
    Reports,
    /// Dashboards that everybody sees.
    Dashboards,
}

impl Section {
    /// All sections, in the order of the file.
    pub const ALL: [Self; 8] = [
        Self::Workspace,
        Self::Fields,
        Self::Scorecards,
        Self::BuiltInRules,
        Self::Rules,
        Self::Views,
        Self::Reports,
        Self::Dashboards,
    ];

    /// Returns the word that the file has for it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Fields => "fields",
            Self::Scorecards => "scorecards",
            Self::BuiltInRules => "built_in_rules",
            Self::Rules => "rules",
            Self::Views => "views",
            Self::Reports => "reports",
            Self::Dashboards => "dashboards",
        }
    }
}

/// What becomes of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The file has it and the workspace does not.
    Added,
    /// The file says something else of it.
    Changed,
    /// Both say the same.
    Same,
    /// The file does not name it, and it stays.
    Kept,
    /// The file does not name it, and it was ticked to go.
    Removed,
}

/// One value that differs, as a text; none where there is no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Where it stands, from the outside to the inside.
    pub path: Vec<String>,
    /// What the workspace has.
    pub before: Option<String>,
    /// What the file has.
    pub after: Option<String>,
}

/// A thing, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Which part of the configuration it belongs to.
    pub section: Section,
    /// What it is called there.
    pub name: String,
    /// What becomes of it.
    pub state: State,
    /// What differs, up to [`DIFFERENCES_MAX`].
    pub differences: Vec<Difference>,
    /// How many more differ.
    pub more: u32,
}

/// Something in a file that keeps it from being brought in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The line of the file, from 1; none where it is about what is to be removed.
    pub line: Option<u32>,
    /// What thing it is about, if about one.
    pub name: String,
    /// What to do, in a sentence.
    pub message: String,
}

/// A thing that the file does not name and that is to go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pick {
    /// Which part of the configuration it belongs to.
    pub section: Section,
    /// What it is called there.
    pub name: String,
}

/// What bringing a file in would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The things, in the order of the file.
    pub items: Vec<Item>,
    /// What is wrong with it; nothing is written while there is anything.
    pub problems: Vec<Problem>,
    /// Stands for the configuration that it was held against; it changes with the configuration.
    pub mark: String,
}

impl Plan {
    /// Returns how many things have this state.
    #[must_use]
    pub fn count(&self, state: State) -> u32 {
        u32::try_from(self.items.iter().filter(|item| item.state == state).count()).unwrap_or(u32::MAX)
    }

    /// Returns whether it would write anything.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.items.iter().any(|item| matches!(item.state, State::Added | State::Changed | State::Removed))
    }
}

/// What bringing a file in did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// What it can be taken back with; none where nothing changed.
    pub batch: Option<BatchId>,
    /// Things that came into being.
    pub added: u32,
    /// Things that changed.
    pub changed: u32,
    /// Things that went.
    pub removed: u32,
    /// Things that were the same.
    pub unchanged: u32,
}

/// Returns the name of the file that a configuration is saved as.
#[must_use]
pub fn file_name(workspace: &str, now: Timestamp) -> String {
    let words: Vec<String> = workspace
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let name: String = words.join("-").chars().take(60).collect();
    let name = if name.is_empty() { "keepwell".to_owned() } else { name };
    format!("{name}-configuration-{}.yaml", now.iso_date())
}
