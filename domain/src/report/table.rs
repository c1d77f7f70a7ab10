//! Tables of a report: columns with their share of the width, and cells that may hold a bar.

use serde::{Deserialize, Serialize};

use crate::chart::Tone;

/// A table; where it does not fit a page, its head stands again on the next one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The columns, in reading order.
    pub columns: Vec<Column>,
    /// The rows from top to bottom.
    pub rows: Vec<Row>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// What stands above it; a table whose headings are all empty has no head.
    pub heading: String,
    /// Its share of the width, against the sum of all shares.
    pub share: f64,
    /// At which side its cells stand.
    pub align: Align,
}

/// At which side of its column a text stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    /// Where reading begins.
    #[default]
    Start,
    /// Where reading ends, as numbers do.
    End,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The cells, as many as there are columns.
    pub cells: Vec<Cell>,
    /// What the row is.
    pub look: RowLook,
}

/// What a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowLook {
    /// One of many.
    #[default]
    Plain,
    /// What the rows below it have in common; never the last one on a page.
    Group,
    /// What the rows above it add up to.
    Total,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The words.
    pub text: String,
    /// A remark below them; empty for none.
    pub note: String,
    /// What the colour of the words means; nothing for plain ones.
    pub tone: Option<Tone>,
    /// Where the words lead.
    pub href: Option<String>,
    /// A bar in the place of words.
    pub bar: Option<Bar>,
    /// Whether the words matter more than the others.
    pub strong: bool,
}

/// A bar between two values of 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// Where it begins.
    pub from: f64,
    /// Where it ends; before the beginning for a fall.
    pub to: f64,
    /// What its colour means.
    pub tone: Tone,
}

impl Bar {
    /// The least length of a bar, so that one of nothing is seen.
    const LEAST: f64 = 0.4;

    /// Returns where the bar lies and how long it is, from 0 to 100; the screen draws the same.
    #[must_use]
    pub fn place(&self) -> (f64, f64) {
        let (left, right) = (self.from.min(self.to).clamp(0.0, 100.0), self.from.max(self.to).clamp(0.0, 100.0));
        (left, (right - left).max(Self::LEAST))
    }
}

impl Column {
    /// Returns a column whose cells stand where reading begins.
    #[must_use]
    pub fn new(heading: &str, share: f64) -> Self {
        Self { heading: heading.to_owned(), share, align: Align::Start }
    }

    /// Returns a column of numbers.
    #[must_use]
    pub fn numbers(heading: &str, share: f64) -> Self {
        Self { align: Align::End, ..Self::new(heading, share) }
    }
}

impl Row {
    /// Returns one row of many.
    #[must_use]
    pub fn plain(cells: Vec<Cell>) -> Self {
        Self { cells, look: RowLook::Plain }
    }
}

impl Cell {
    /// Returns a cell with words.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Returns a cell with a bar.
    #[must_use]
    pub fn bar(bar: Bar) -> Self {
        Self { bar: Some(bar), ..Self::default() }
    }

    /// Adds a remark below the words.
    #[must_use]
    pub fn noted(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// Gives the words a colour.
    #[must_use]
    pub fn toned(self, tone: Option<Tone>) -> Self {
        Self { tone, ..self }
    }

    /// Makes the words matter more.
    #[must_use]
    pub fn strong(self) -> Self {
        Self { strong: true, ..self }
    }

    /// Lets the words lead somewhere.
    #[must_use]
    pub fn leading(self, href: Option<String>) -> Self {
        Self { href, ..self }
    }
}
