//! Rows as text, one after the other, so that a file of any length takes the memory of a few rows.

use serde_json::Value;

use super::Format;
use super::cells::Cell;
use super::columns::Column;
use crate::import::write::{self, BYTE_ORDER_MARK};

/// Writes a table as CSV or JSON; what it returns is put into the file in the same order.
#[derive(Clone, Debug)]
pub struct TextWriter {
    is_json: bool,
    /// The keys of a JSON object, quoted already.
    keys: Vec<String>,
    headings: Vec<String>,
    rows: u64,
}

impl TextWriter {
    /// Returns a writer of files with these columns; workbooks are not text and come out as CSV.
    #[must_use]
    pub fn new(format: Format, columns: &[Column]) -> Self {
        let headings: Vec<String> = columns.iter().map(|column| column.heading.clone()).collect();
        let keys = headings.iter().map(|heading| Value::from(heading.as_str()).to_string()).collect();
        Self { is_json: format == Format::Json, keys, headings, rows: 0 }
    }

    /// Adds what stands before the first row; `marked` is for Excel, which takes a file without the mark for another
    /// encoding.
    pub fn begin(&self, marked: bool, out: &mut String) {
        if self.is_json {
            out.push('[');
            return;
        }
        if marked {
            out.push(BYTE_ORDER_MARK);
        }
        write::write_row(out, self.headings.iter().map(|heading| write::Cell::Text(heading)));
    }

    /// Adds one row.
    pub fn row(&mut self, cells: &[Cell], out: &mut String) {
        if self.is_json {
            out.push_str(if self.rows == 0 { "\n" } else { ",\n" });
            self.object(cells, out);
        } else {
            csv_row(cells, out);
        }
        self.rows += 1;
    }

    /// Adds what stands behind the last row.
    pub fn end(&self, out: &mut String) {
        if self.is_json {
            out.push_str(if self.rows == 0 { "]\n" } else { "\n]\n" });
        }
    }

    fn object(&self, cells: &[Cell], out: &mut String) {
        out.push('{');
        for (place, (key, cell)) in self.keys.iter().zip(cells).enumerate() {
            if place > 0 {
                out.push(',');
            }
            out.push_str(key);
            out.push(':');
            match cell {
                Cell::Blank => out.push_str("null"),
                Cell::Number(_) | Cell::Whole(_) | Cell::Amount(_) | Cell::Bool(_) => out.push_str(&cell.text()),
                Cell::Words(words) => out.push_str(&Value::from(words.as_slice()).to_string()),
                Cell::Text(_) | Cell::Moment(_) => out.push_str(&Value::from(cell.text()).to_string()),
            }
        }
        out.push('}');
    }
}

/// Adds one row of CSV, in which no cell is a formula.
pub(crate) fn csv_row(cells: &[Cell], out: &mut String) {
    let texts: Vec<String> = cells.iter().map(Cell::text).collect();
    let written = cells.iter().zip(&texts).map(|(cell, text)| match cell {
        Cell::Blank => write::Cell::Blank,
        Cell::Number(_) | Cell::Whole(_) | Cell::Amount(_) | Cell::Bool(_) => write::Cell::Plain(text),
        // A year of five digits has a sign before it, which a spreadsheet would take for a sum.
        Cell::Moment(_) if text.starts_with(|c: char| c.is_ascii_digit()) => write::Cell::Plain(text),
        Cell::Text(_) | Cell::Moment(_) | Cell::Words(_) => write::Cell::Text(text),
    });
    write::write_row(out, written);
}
