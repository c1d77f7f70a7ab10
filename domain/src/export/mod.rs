//! The export: accounts and what hangs on them as tables that spreadsheets open and that the import reads back unchanged.
//!
//! [`What`] says what can leave, [`columns`] which fields go out and what stands above them, [`cells`] what stands in
//! each cell, and [`text`] writes both as CSV or JSON. Workbooks are written by the server from the same cells. An
//! [`Export`] is one of them in the history.

pub mod cells;
pub mod columns;
mod job;
mod records;
pub mod text;
mod what;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::id::AccountId;
use crate::refusal::Refusal;
use crate::reports::{Keyed, State};
use crate::time::Timestamp;

pub use job::{
    AT_ONCE_ROWS_MAX, Export, FILE_BYTES_MAX, KEPT_BYTES_MAX, KEPT_DAYS, Line, REMEMBERED_DAYS, Stage, WAITING_MAX,
};
pub use records::Record;
pub use what::{Only, SEARCH_CHARS_MAX, What};

/// Most accounts that are named one by one; more are chosen by a filter.
pub const ACCOUNTS_MAX: usize = 1_000;
/// Rows that a preview shows.
pub const PREVIEW_ROWS: usize = 5;

/// Most columns that a page is wide enough for.
pub const PAPER_COLUMNS_MAX: usize = 8;
/// Most rows of a table on paper.
pub const PAPER_ROWS_MAX: usize = 2_000;

/// The kinds of files that leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma separated values by RFC 4180, in UTF-8.
    #[default]
    Csv,
    /// One array with an object for each row, each on a line of its own.
    Json,
    /// A workbook with one sheet.
    Xlsx,
    /// A table on paper.
    Pdf,
}

impl Format {
    /// All formats, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::Json, Self::Pdf];

    /// Returns the word used in addresses, on the command line and behind the point of a file's name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }

    /// Returns the format with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }

    /// Returns what a browser is told the file is.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
        }
    }
}

/// What somebody wants to take out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// What the rows are.
    pub what: What,
    /// As what kind of file.
    pub format: Format,
    /// Which of the alerts or tasks.
    pub state: State,
    /// What a list of alerts or tasks is narrowed to.
    pub only: Only,
    /// Of which accounts, in the language of [`crate::filter`]; empty for all.
    pub filter: String,
    /// Of these accounts alone, at most [`ACCOUNTS_MAX`]; empty for all that the filter lets through.
    pub accounts: Vec<AccountId>,
    /// The first day, midnight UTC, where rows have a date.
    pub from: Option<Timestamp>,
    /// The last day, likewise.
    pub to: Option<Timestamp>,
    /// The fields by their keys, from left to right; empty for all that can be imported again.
    pub columns: Vec<String>,
}

impl Request {
    /// Refuses what does not fit together.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.format == Format::Pdf && self.columns.len() > PAPER_COLUMNS_MAX {
            let message = format!("A page is wide enough for {PAPER_COLUMNS_MAX} columns. Choose fewer.");
            return Err(Refusal::field("columns", message));
        }
        if !self.what.states().contains(&self.state) {
            let states: Vec<&str> = self.what.states().iter().map(|state| state.key()).collect();
            return Err(Refusal::field("state", format!("Choose one of: {}.", states.join(", "))));
        }
        if self.accounts.len() > ACCOUNTS_MAX {
            let message = format!("Choose at most {ACCOUNTS_MAX} accounts, or use a filter.");
            return Err(Refusal::field("accounts", message));
        }
        if self.only.search.chars().count() > SEARCH_CHARS_MAX {
            return Err(Refusal::field("search", format!("Use at most {SEARCH_CHARS_MAX} characters.")));
        }
        let (from, to) = self.span();
        if (from.is_some() || to.is_some()) && self.what.dated_by().is_none() {
            let message = format!("There is no date to narrow {} by. Leave both days out.", self.what.key());
            return Err(Refusal::field("from", message));
        }
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            return Err(Refusal::field("to", "The last day comes before the first. Choose a later one."));
        }
        Ok(())
    }

    /// Returns the first moment, and the one at which the last day is over.
    #[must_use]
    pub fn span(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        (self.from.map(Timestamp::day_start), self.to.map(|day| day.day_start().plus_days(1)))
    }
}

/// The beginning of a file, as it would be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// What stands above the columns.
    pub headings: Vec<String>,
    /// The cells of the first rows.
    pub rows: Vec<Vec<String>>,
    /// How many rows the file would have.
    pub total: u32,
}

/// Returns the name of a file that holds rows as they were at a moment.
#[must_use]
pub fn file_name(what: What, format: Format, now: Timestamp) -> String {
    format!("{}-{}.{}", what.key(), now.iso_date(), format.key())
}
