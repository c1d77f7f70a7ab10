//! The export: accounts as tables that spreadsheets open and that the import reads back unchanged.
//!
//! [`columns`] says which fields go out and what stands above them, [`cells`] what stands in each cell, and
//! [`text`] writes both as CSV or JSON. Workbooks are written by the server from the same cells.

pub mod cells;
pub mod columns;
pub mod text;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::id::AccountId;
use crate::time::Timestamp;

/// Most accounts that are named one by one; more are chosen by a filter.
pub const ACCOUNTS_MAX: usize = 1_000;
/// Rows that a preview shows.
pub const PREVIEW_ROWS: usize = 5;

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
}

impl Format {
    /// All formats, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Json];

    /// Returns the word used in addresses, on the command line and behind the point of a file's name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
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
        }
    }
}

/// What somebody wants to take out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// As what kind of file.
    pub format: Format,
    /// Which accounts, in the language of [`crate::filter`]; empty for all.
    pub filter: String,
    /// These accounts alone, at most [`ACCOUNTS_MAX`]; empty for all that the filter lets through.
    pub accounts: Vec<AccountId>,
    /// The fields by their keys, from left to right; empty for all that can be imported again.
    pub columns: Vec<String>,
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

/// Returns the name of a file that holds accounts as they were at a moment.
#[must_use]
pub fn file_name(format: Format, now: Timestamp) -> String {
    format!("accounts-{}.{}", now.iso_date(), format.key())
}
