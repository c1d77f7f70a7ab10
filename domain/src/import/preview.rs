//! What an import would do, shown before anything is written.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::check::Checker;
use super::decode::{Encoding, FileProblem};
use super::mapping::Mapping;
use super::pair::{Both, CONTACT};
use super::plan::{Counts, Duplicates, Options, Outcome, Row, RowError, Seen, classify};
use super::table::{Cells, RowSource};
use super::value::cut;
use crate::fields::Catalogue;
use crate::refusal::Refusal;

/// How many rows a preview shows.
pub const ROWS_SHOWN: usize = 20;
/// How many errors a preview keeps; all are counted.
pub const ERRORS_KEPT: usize = 200;
/// How many characters of a cell a preview shows.
const CELL_CHARS_SHOWN: usize = 200;

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// How many rows have which outcome; where each row is two things, how many of both are new, changed or the same.
    pub counts: Counts,
    /// What would become of both, where each row is an account and a contact.
    #[serde(default)]
    pub both: Option<Both>,
    /// What stands above the columns.
    pub headings: Vec<String>,
    /// Which field each column is.
    pub mapping: Mapping,
    /// The first rows.
    pub rows: Vec<PreviewRow>,
    /// The first errors.
    pub errors: Vec<RowError>,
    /// How many errors there are in all.
    pub errors_total: u64,
    /// How the file's characters are stored; `None` for a workbook.
    pub encoding: Option<Encoding>,
    /// What stands between cells; `None` for a workbook.
    pub delimiter: Option<char>,
}

/// One of the first rows of a file and what would happen to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// Its line in the file.
    pub line: u64,
    /// Its cells, long ones cut.
    pub cells: Vec<String>,
    /// What would happen.
    pub outcome: RowOutcome,
    /// What would happen to the contact beside the account, where there is one.
    #[serde(default)]
    pub contact: Option<RowOutcome>,
    /// Why, where it would not be imported.
    pub reason: Option<String>,
    /// The keys of the fields that would change.
    pub changes: Vec<String>,
}

/// What would happen to a row, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// It would be created.
    New,
    /// It would change a row that exists.
    Update,
    /// It would change nothing.
    Unchanged,
    /// The mode does not allow it.
    Conflict,
    /// It has an error.
    Invalid,
    /// It has no error, and nobody looked up whether it exists.
    Unknown,
}

impl From<&Outcome> for RowOutcome {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::New => Self::New,
            Outcome::Update { .. } => Self::Update,
            Outcome::Unchanged => Self::Unchanged,
            Outcome::Conflict(_) => Self::Conflict,
            Outcome::Invalid(_) => Self::Invalid,
        }
    }
}

/// What the workspace says about a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup {
    /// Nobody looked; in the browser nobody can.
    Unknown,
    /// No row has its key.
    Missing,
    /// This row has its key.
    Found(Map<String, Value>),
    /// The row refers to something that is not there.
    Wrong(RowError),
}

impl Preview {
    /// Returns a preview of no rows yet, for whoever looks rows up in batches.
    #[must_use]
    pub fn new(headings: &[String], mapping: &Mapping) -> Self {
        Self { headings: headings.to_vec(), mapping: mapping.clone(), ..Self::default() }
    }

    /// Adds a row that has errors.
    pub fn add_errors(&mut self, line: u64, cells: &Cells, errors: Vec<RowError>) {
        self.counts.rows += 1;
        self.counts.invalid += 1;
        let reason = errors.first().map(ToString::to_string);
        self.show(line, cells, Shown { outcome: RowOutcome::Invalid, reason, ..Shown::default() });
        self.keep(errors);
    }

    /// Adds a row that is an account and perhaps a contact, with what would happen to each; nothing to one that an
    /// earlier row was about.
    pub fn add_both(&mut self, line: u64, cells: &Cells, account: Option<&Outcome>, contact: Option<&Outcome>) {
        let words = [account, contact].map(|outcome| outcome.map(RowOutcome::from));
        let both = self.both.get_or_insert_default();
        for (made, word) in [&mut both.accounts, &mut both.contacts].into_iter().zip(words) {
            let Some(word) = word else { continue };
            made.add(word);
            match word {
                RowOutcome::New => self.counts.new += 1,
                RowOutcome::Update => self.counts.update += 1,
                _ => self.counts.unchanged += 1,
            }
        }
        self.counts.rows += 1;
        let contact_changes = changes(contact).into_iter().map(|key| format!("{CONTACT}{key}"));
        let shown = Shown {
            outcome: words[0].unwrap_or(RowOutcome::Unchanged),
            contact: words[1],
            changes: changes(account).into_iter().chain(contact_changes).collect(),
            reason: None,
        };
        self.show(line, cells, shown);
    }

    /// Adds a row with its outcome; `None` where nobody looked it up.
    pub fn add(&mut self, line: u64, cells: &Cells, outcome: Option<&Outcome>) {
        let mut shown = Shown {
            outcome: outcome.map_or(RowOutcome::Unknown, RowOutcome::from),
            changes: changes(outcome),
            ..Shown::default()
        };
        if let Some(Outcome::Conflict(reason) | Outcome::Invalid(reason)) = outcome {
            self.keep(vec![RowError::row(line, reason.clone())]);
            shown.reason = Some(reason.clone());
        }
        match outcome {
            Some(outcome) => self.counts.add(outcome),
            None => {
                self.counts.rows += 1;
                self.counts.unknown += 1;
            }
        }
        self.show(line, cells, shown);
    }

    fn show(&mut self, line: u64, cells: &Cells, shown: Shown) {
        if self.rows.len() < ROWS_SHOWN {
            let cells = cells.iter().map(|cell| cut(cell, CELL_CHARS_SHOWN)).collect();
            let Shown { outcome, contact, reason, changes } = shown;
            self.rows.push(PreviewRow { line, cells, outcome, contact, reason, changes });
        }
    }

    fn keep(&mut self, errors: Vec<RowError>) {
        self.errors_total += errors.len() as u64;
        let room = ERRORS_KEPT - self.errors.len();
        self.errors.extend(errors.into_iter().take(room));
    }
}

/// What is shown of a row beside its cells.
struct Shown {
    outcome: RowOutcome,
    contact: Option<RowOutcome>,
    reason: Option<String>,
    changes: Vec<String>,
}

impl Default for Shown {
    fn default() -> Self {
        Self { outcome: RowOutcome::Unknown, contact: None, reason: None, changes: Vec::new() }
    }
}

fn changes(outcome: Option<&Outcome>) -> Vec<String> {
    match outcome {
        Some(Outcome::Update { after, .. }) => after.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// Says what an import would do with every row of a file of one subject.
///
/// `lookup` may replace references by ids in the row before it answers; it is asked once for each
/// row that has no error and repeats no other.
///
/// # Errors
/// Returns a [`Refusal`] where the mapping does not make sense or the file cannot be read to its end.
pub fn preview(
    source: &mut impl RowSource,
    options: &Options,
    catalogue: &Catalogue,
    mut lookup: impl FnMut(&mut Row) -> Lookup,
) -> Result<Preview, Refusal> {
    let headings = source.headings().to_vec();
    let checker = Checker::new(&headings, options, catalogue)?;
    let mut preview = Preview::new(&headings, &options.mapping);
    let mut duplicates = Duplicates::default();
    let mut cells = Cells::new();
    while let Some(line) = source.read(&mut cells)? {
        let mut row = match read_row(&checker, &mut duplicates, line, &cells) {
            Read::Row(row) => row,
            Read::Repeated => {
                preview.add(line, &cells, Some(&Outcome::Unchanged));
                continue;
            }
            Read::Wrong(errors) => {
                preview.add_errors(line, &cells, errors);
                continue;
            }
        };
        match lookup(&mut row) {
            Lookup::Unknown => preview.add(line, &cells, None),
            Lookup::Missing => preview.add(line, &cells, Some(&classify(None, &row, options.mode))),
            Lookup::Found(existing) => preview.add(line, &cells, Some(&classify(Some(&existing), &row, options.mode))),
            Lookup::Wrong(error) => preview.add_errors(line, &cells, vec![error]),
        }
    }
    if preview.counts.rows == 0 { Err(FileProblem::NoRows.into()) } else { Ok(preview) }
}

/// What came of reading one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// A row that makes sense and is the first with its key.
    Row(Row),
    /// The same as a row before it.
    Repeated,
    /// A row with errors.
    Wrong(Vec<RowError>),
}

/// Checks a row, finds its key and looks for the key among the rows before it.
pub fn read_row(checker: &Checker, duplicates: &mut Duplicates, line: u64, cells: &Cells) -> Read {
    let mut row = match checker.check_row(line, cells) {
        Ok(row) => row,
        Err(errors) => return Read::Wrong(errors),
    };
    if let Err(error) = checker.identify(&mut row) {
        return Read::Wrong(vec![error]);
    }
    match row.key.as_deref().map(|key| duplicates.see(key, line, cells)) {
        None | Some(Seen::First) => Read::Row(row),
        Some(Seen::Same(_)) => Read::Repeated,
        Some(Seen::Clash(first)) => {
            let message =
                format!("The row has the same key as line {first}, which is imported. Remove one of the two.");
            Read::Wrong(vec![RowError::row(line, message)])
        }
    }
}
