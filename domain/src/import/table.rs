//! Text becomes a table: the delimiter, the headings, and rows of cells one at a time.

use std::borrow::Cow;
use std::collections::HashSet;

use super::decode::FileProblem;
use super::{COLUMNS_MAX, ROWS_MAX};

/// The cells of one row; one buffer serves all rows of a file.
pub type Cells = csv::StringRecord;

/// Longest heading in characters; the rest is cut off.
const HEADING_CHARS_MAX: usize = 100;
/// How many bytes and rows the delimiter is guessed from.
const SNIFF_BYTES: usize = 64 * 1024;
const SNIFF_ROWS: usize = 100;

/// Rows of cells, wherever they come from: a CSV file, a workbook, a paste.
pub trait RowSource {
    /// Returns what stands above the columns; every heading is there and different from the others.
    fn headings(&self) -> &[String];

    /// Puts the next row into `cells` and returns its line, or `None` at the end.
    ///
    /// # Errors
    /// Returns a [`FileProblem`] where the file cannot be read on.
    fn read(&mut self, cells: &mut Cells) -> Result<Option<u64>, FileProblem>;
}

/// A delimited text with its headings.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    text: Cow<'a, str>,
    headings: Vec<String>,
    delimiter: u8,
    /// Where the rows begin, behind a `sep=` line.
    start: usize,
}

impl<'a> Table<'a> {
    /// Returns the table that a text holds.
    ///
    /// # Errors
    /// Returns a [`FileProblem`] where there are no headings, too many, or a quote that never closes in them.
    pub fn open(text: impl Into<Cow<'a, str>>) -> Result<Self, FileProblem> {
        let mut text = text.into();
        if !text.contains('\n') && text.contains('\r') {
            // Files of the old Mac OS end lines with CR alone; counting lines needs LF.
            text = Cow::Owned(text.replace('\r', "\n"));
        }
        let (start, delimiter) = stated_delimiter(&text).unwrap_or_else(|| (0, sniff(&text)));
        let mut table = Self { text, headings: Vec::new(), delimiter, start };
        let mut cells = Cells::new();
        let Some(_) = Rows::from_start(&table).advance(&mut cells)? else { return Err(FileProblem::Empty) };
        table.headings = headings(cells.iter())?;
        Ok(table)
    }

    /// Returns what stands above the columns.
    #[must_use]
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Returns the character between two cells.
    #[must_use]
    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// Returns the rows from the first one below the headings; may be called again to read them again.
    #[must_use]
    pub fn rows(&self) -> Rows<'_> {
        let mut rows = Rows::from_start(self);
        rows.skip_headings = true;
        rows
    }
}

/// Reads the rows of a [`Table`].
pub struct Rows<'a> {
    reader: csv::Reader<&'a [u8]>,
    text: &'a [u8],
    headings: &'a [String],
    delimiter: u8,
    lines_before: u64,
    skip_headings: bool,
    count: u64,
}

impl<'a> Rows<'a> {
    fn from_start(table: &'a Table<'_>) -> Self {
        let text = &table.text.as_bytes()[table.start..];
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(table.delimiter)
            .buffer_capacity(64 * 1024)
            .from_reader(text);
        Self {
            reader,
            text,
            headings: &table.headings,
            delimiter: table.delimiter,
            lines_before: u64::from(table.start > 0),
            skip_headings: false,
            count: 0,
        }
    }

    /// Reads one record that is not blank; at the end it looks whether the last quote was closed.
    fn advance(&mut self, cells: &mut Cells) -> Result<Option<u64>, FileProblem> {
        loop {
            let begin = self.reader.position().clone();
            let more = self.reader.read_record(cells).map_err(|_| FileProblem::Encoding)?;
            if !more {
                return Ok(None);
            }
            let byte = usize::try_from(begin.byte()).unwrap_or(usize::MAX);
            let rest = self.text.get(byte..).unwrap_or_default();
            // The reader skips empty lines before the record without saying so.
            let skipped = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
            let line = self.lines_before + begin.line() + skipped.filter(|byte| **byte == b'\n').count() as u64;
            let end = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
            if end >= self.text.len() && ends_in_quotes(rest, self.delimiter) {
                return Err(FileProblem::UnclosedQuote(line));
            }
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some(line));
            }
        }
    }
}

impl RowSource for Rows<'_> {
    fn headings(&self) -> &[String] {
        self.headings
    }

    fn read(&mut self, cells: &mut Cells) -> Result<Option<u64>, FileProblem> {
        if std::mem::take(&mut self.skip_headings) && self.advance(cells)?.is_none() {
            return Ok(None);
        }
        let line = self.advance(cells)?;
        self.count += u64::from(line.is_some());
        if self.count > ROWS_MAX { Err(FileProblem::TooManyRows) } else { Ok(line) }
    }
}

/// Rows that are cells already, such as those of a workbook; short rows are filled up with blanks.
pub struct CellRows<I> {
    headings: Vec<String>,
    rows: I,
    count: u64,
}

impl<I: Iterator<Item = (u64, Vec<String>)>> CellRows<I> {
    /// Returns the rows behind the first one, which holds the headings.
    ///
    /// # Errors
    /// Returns a [`FileProblem`] where there is no first row or it is too long.
    pub fn new(mut rows: I) -> Result<Self, FileProblem> {
        let is_blank = |row: &(u64, Vec<String>)| row.1.iter().all(|cell| cell.trim().is_empty());
        let Some((_, first)) = rows.find(|row| !is_blank(row)) else { return Err(FileProblem::Empty) };
        let used = first.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        Ok(Self { headings: headings(first.iter().take(used).map(String::as_str))?, rows, count: 0 })
    }
}

impl<I: Iterator<Item = (u64, Vec<String>)>> RowSource for CellRows<I> {
    fn headings(&self) -> &[String] {
        &self.headings
    }

    fn read(&mut self, cells: &mut Cells) -> Result<Option<u64>, FileProblem> {
        let Some((line, row)) = self.rows.find(|row| row.1.iter().any(|cell| !cell.trim().is_empty())) else {
            return Ok(None);
        };
        self.count += 1;
        if self.count > ROWS_MAX {
            return Err(FileProblem::TooManyRows);
        }
        cells.clear();
        for cell in &row {
            cells.push_field(cell);
        }
        for _ in row.len()..self.headings.len() {
            cells.push_field("");
        }
        Ok(Some(line))
    }
}

/// Makes headings presentable: trimmed, none empty, no two alike.
fn headings<'c>(cells: impl Iterator<Item = &'c str>) -> Result<Vec<String>, FileProblem> {
    let cells: Vec<&str> = cells.collect();
    if cells.len() > COLUMNS_MAX {
        return Err(FileProblem::TooManyColumns(cells.len() as u64));
    }
    let mut taken = HashSet::new();
    let mut names = Vec::with_capacity(cells.len());
    for (index, cell) in cells.into_iter().enumerate() {
        let clean: String = super::write::unguard(cell.trim())
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(HEADING_CHARS_MAX)
            .collect();
        let clean = if clean.trim().is_empty() { format!("Column {}", index + 1) } else { clean.trim().to_owned() };
        let mut name = clean.clone();
        let mut copy = 2;
        while !taken.insert(name.clone()) {
            name = format!("{clean} ({copy})");
            copy += 1;
        }
        names.push(name);
    }
    Ok(names)
}

/// Reads the line `sep=;` that Excel writes and understands; returns where the table begins.
fn stated_delimiter(text: &str) -> Option<(usize, u8)> {
    let rest = text.strip_prefix("sep=")?.as_bytes();
    let delimiter = *rest.first()?;
    let start = match rest.get(1..)? {
        [b'\r', b'\n', ..] => 7,
        [b'\n', ..] => 6,
        _ => return None,
    };
    delimiter.is_ascii().then_some((start, delimiter))
}

/// Returns the delimiter that splits most of the first rows into as many cells as the first.
fn sniff(text: &str) -> u8 {
    let sample = &text.as_bytes()[..text.len().min(SNIFF_BYTES)];
    let whole = sample.len() == text.len();
    let mut best = (b',', 0.0);
    for delimiter in [b',', b';', b'\t', b'|'] {
        let mut rows = Vec::new();
        Walk::new(sample, delimiter).rows(SNIFF_ROWS, |cells| rows.push(cells));
        if !whole && rows.len() > 1 {
            rows.pop();
        }
        let Some(&first) = rows.first() else { continue };
        if first < 2 {
            continue;
        }
        let alike = rows.iter().filter(|cells| **cells == first).count() as f64 / rows.len() as f64;
        // Agreement decides; more columns break the tie.
        let score = alike * 10.0 + (first as f64).ln();
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

fn ends_in_quotes(rest: &[u8], delimiter: u8) -> bool {
    rest.contains(&b'"') && Walk::new(rest, delimiter).rows(usize::MAX, |_| {})
}

/// Walks over delimited text by the rules of RFC 4180 without keeping any of it.
struct Walk<'a> {
    bytes: &'a [u8],
    delimiter: u8,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8], delimiter: u8) -> Self {
        Self { bytes, delimiter }
    }

    /// Tells the number of cells of each row; returns whether the text ends inside quotes.
    fn rows(&self, max: usize, mut tell: impl FnMut(usize)) -> bool {
        let (mut quoted, mut cell_start, mut cells, mut count) = (false, true, 1, 0);
        let mut row_start = true;
        for &byte in self.bytes {
            if quoted {
                // A doubled quote closes and opens again, which comes to the same.
                quoted = byte != b'"';
                cell_start = !quoted;
                continue;
            }
            match byte {
                b'"' if cell_start => quoted = true,
                b'\n' | b'\r' => {
                    if !row_start {
                        tell(cells);
                        count += 1;
                        if count == max {
                            return false;
                        }
                    }
                    (cells, cell_start, row_start) = (1, true, true);
                    continue;
                }
                _ if byte == self.delimiter => {
                    cells += 1;
                    cell_start = true;
                }
                _ => cell_start = false,
            }
            row_start = false;
        }
        if !row_start {
            tell(cells);
        }
        quoted
    }
}
