//! The import: from the bytes of a file to rows that are checked, matched and ready to write.
//!
//! The order of work: [`decode`] turns bytes into text (and `json` rows of JSON into CSV), [`table`] into rows of cells, [`profile`]
//! learns what the columns hold, [`mapping`] guesses which field each column is, [`check`] reads
//! rows by [`value`], [`plan`] tells new from changed, [`preview`] shows it all before anything is
//! written, and [`write`] hands the rows that failed back as a file. Where each row is two things, [`pair`] takes the
//! mapping apart, and the rest is the same for each.

pub mod decode;
mod json;
pub mod table;

pub mod date;
pub mod number;
pub mod value;

pub mod mapping;
pub mod profile;
mod whose;

pub mod kind;
pub mod pair;
pub mod repeats;

pub mod check;
pub mod plan;
pub mod preview;
pub mod report;
pub mod write;

#[cfg(test)]
mod tests;

/// Largest file in bytes.
pub const FILE_BYTES_MAX: usize = 50 * 1024 * 1024;
/// Most rows in a file, without the headings.
pub const ROWS_MAX: u64 = 1_000_000;
/// Most columns in a file.
pub const COLUMNS_MAX: usize = 500;
/// Largest cell in bytes.
pub const CELL_BYTES_MAX: usize = 32 * 1024;
