//! What a person sees of an import: the file that waits, how far it is, and what it did.

use serde::{Deserialize, Serialize};

use super::decode::Encoding;
use super::kind::Kind;
use super::pair::Both;
use super::plan::{Options, RowError};
use crate::fields::Catalogue;
use crate::id::{BatchId, PresetId};
pub use crate::id::{FileId, ImportId};
use crate::refusal::Refusal;

/// What a file holds, before anything is chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// The file's name.
    pub name: String,
    /// What stands above the columns.
    pub headings: Vec<String>,
    /// What stands between cells.
    pub delimiter: char,
    /// How the file's characters are stored.
    pub encoding: Encoding,
    /// The usual options, with the columns guessed.
    pub options: Options,
    /// The fields that columns can go to.
    pub catalogue: Catalogue,
    /// The first rows.
    pub sample: Vec<Vec<String>>,
    /// How many rows the file has.
    pub rows: u64,
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The batch that takes it back.
    pub batch: BatchId,
    /// All rows of the file.
    pub rows: u64,
    /// Rows that were created; where each row is two things, what was created of both.
    pub created: u64,
    /// Rows that changed one that existed.
    pub updated: u64,
    /// Rows that changed nothing, repeated rows included.
    pub unchanged: u64,
    /// What became of both, where each row is an account and a contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub both: Option<Both>,
    /// Rows that the mode did not allow.
    pub conflict: u64,
    /// Rows with an error.
    pub invalid: u64,
    /// How long it took.
    pub seconds: f64,
    /// The first errors.
    pub errors: Vec<RowError>,
    /// How many errors there are in all.
    pub errors_total: u64,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It waits for its turn to write.
    Waiting,
    /// Rows are read, checked and written.
    Writing,
    /// All rows are written and are being made durable.
    Saving,
    /// It is done.
    Done,
    /// Somebody stopped it; nothing was changed.
    Cancelled,
    /// It was refused; nothing was changed.
    Refused,
}

/// How far an import is, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// What it is doing.
    pub phase: Phase,
    /// Rows that are done.
    pub rows_done: u64,
    /// About how many rows there are.
    pub rows_total: u64,
    /// What it did, when it is done.
    pub report: Option<Report>,
    /// Why it changed nothing, if it was refused.
    pub refused: Option<Refusal>,
    /// Whether the rows with errors can be downloaded.
    pub has_error_rows: bool,
}

/// Options that somebody keeps for the next file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preset {
    /// Identifies the preset.
    pub id: PresetId,
    /// What its rows are.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    /// What stood above the columns it was made for.
    pub headings: Vec<String>,
    /// What was chosen.
    pub options: Options,
}

impl Preset {
    /// Returns the options for a file with these headings, its columns found by their headings, whatever
    /// their order; `None` where the file lacks one that goes somewhere or has one that is new.
    #[must_use]
    pub fn fit(&self, headings: &[String]) -> Option<Options> {
        let place = |heading: &String| self.headings.iter().position(|known| known == heading);
        let columns: Option<Vec<_>> =
            headings.iter().map(|heading| self.options.mapping.columns.get(place(heading)?).cloned()).collect();
        let is_needed = |(heading, column): (&String, &super::mapping::Column)| {
            column.target != super::mapping::Target::Skip && !headings.contains(heading)
        };
        if self.headings.iter().zip(&self.options.mapping.columns).any(is_needed) {
            return None;
        }
        let mut options = self.options.clone();
        options.mapping.columns = columns?;
        Some(options)
    }
}
