//! Rows that are about the same account, or the same contact: the first one counts, and the others must not contradict it.

use std::collections::HashMap;

use super::check::Checker;
use super::plan::{Row, RowError};
use super::table::Cells;

/// What the rows so far said of each thing, by its key; `T` is what is remembered of it.
#[derive(Clone, Debug)]
pub struct Repeats<T> {
    first: HashMap<String, First<T>>,
}

/// The first row about a thing.
#[derive(Clone, Debug)]
struct First<T> {
    line: u64,
    /// A print of each of its cells, which takes less room than the cells.
    prints: Box<[u64]>,
    what: T,
}

impl<T> Default for Repeats<T> {
    fn default() -> Self {
        Self { first: HashMap::new() }
    }
}

impl<T: Copy> Repeats<T> {
    /// Returns what is remembered of a row's thing, if an earlier row was about it. A blank cell says nothing.
    ///
    /// # Errors
    /// Returns a [`RowError`] for each cell that says something else than the first row.
    pub fn find(&self, checker: &Checker, row: &Row, cells: &Cells) -> Result<Option<T>, Vec<RowError>> {
        let Some(first) = row.key.as_deref().and_then(|key| self.first.get(key)) else { return Ok(None) };
        let wrong = checker.contradictions(row, cells, &first.prints, first.line);
        if wrong.is_empty() { Ok(Some(first.what)) } else { Err(wrong) }
    }

    /// Remembers a row, unless an earlier one was about the same thing.
    pub fn note(&mut self, checker: &Checker, row: &Row, what: T) {
        let Some(key) = &row.key else { return };
        if !self.first.contains_key(key) {
            self.first.insert(key.clone(), First { line: row.line, prints: checker.prints(row), what });
        }
    }
}
