//! A table with an outcome, column by column, as the laboratory learns from it.

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers, dates counted in days among them; blanks are NaN.
    Numbers(Vec<f64>),
    /// Words, each the place of its word in the list; the last place stands for blanks.
    Words {
        /// The different words.
        words: Vec<String>,
        /// One for each row; `words.len()` where the cell is blank.
        codes: Vec<u32>,
    },
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// Its cells.
    pub values: Values,
}

/// A table with an outcome for each row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// What may be learnt from.
    pub columns: Vec<Column>,
    /// Whether it happened.
    pub outcome: Vec<bool>,
    /// The place of each row in its file, from 0.
    pub places: Vec<usize>,
    /// Columns that were left out, each with the reason.
    pub left_out: Vec<(String, String)>,
}

impl Frame {
    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.outcome.len()
    }

    /// Returns whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.outcome.is_empty()
    }

    /// Returns the number of rows where it happened.
    #[must_use]
    pub fn losses(&self) -> usize {
        self.outcome.iter().filter(|happened| **happened).count()
    }

    /// Returns the outcomes of some rows.
    #[must_use]
    pub fn outcomes(&self, rows: &[usize]) -> Vec<bool> {
        rows.iter().map(|row| self.outcome[*row]).collect()
    }
}
