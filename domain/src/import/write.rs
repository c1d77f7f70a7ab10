//! Writing tables that spreadsheets open without running anything, and that the import reads back unchanged.

use std::borrow::Cow;

use super::table::Cells;

/// What Excel needs at the start of a file to read it as UTF-8.
pub const BYTE_ORDER_MARK: char = '\u{feff}';
/// The heading of the column that says what is wrong with a row; the import skips it.
pub const ERROR_HEADING: &str = "Error";

/// One value on its way into a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Text, always quoted and never a formula.
    Text(&'a str),
    /// A number, written plainly.
    Number(f64),
    /// A whole number, written plainly.
    Whole(i64),
    /// The digits of a number or a day, or true and false, written as they are.
    Plain(&'a str),
    /// Nothing.
    Blank,
}

/// Adds one row to a file, ended by CR LF.
pub fn write_row<'a>(out: &mut String, cells: impl IntoIterator<Item = Cell<'a>>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        match cell {
            Cell::Text(text) => write_text(out, text),
            Cell::Number(number) if number.is_finite() => out.push_str(&number.to_string()),
            Cell::Whole(number) => out.push_str(&number.to_string()),
            Cell::Plain(digits) => out.push_str(digits),
            Cell::Number(_) | Cell::Blank => {}
        }
    }
    out.push_str("\r\n");
}

/// Returns the text with an apostrophe in front where a spreadsheet would take it for a formula.
///
/// A text that begins with apostrophes before such a start gets one more, so that [`unguard`] always
/// returns what was there.
#[must_use]
pub fn guard(text: &str) -> Cow<'_, str> {
    if is_risky(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes back the apostrophe that [`guard`] added.
#[must_use]
pub fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_risky(rest) => rest,
        _ => text,
    }
}

/// Returns the rows that could not be imported as a file: what is wrong, then the row as it was.
///
/// The added column is the first, since a row may have fewer or more cells than there are headings.
pub fn error_rows_csv<'r>(headings: &[String], rows: impl IntoIterator<Item = (&'r Cells, &'r str)>) -> String {
    let mut out = String::from(BYTE_ORDER_MARK);
    write_row(&mut out, [ERROR_HEADING].into_iter().chain(headings.iter().map(String::as_str)).map(Cell::Text));
    for (cells, message) in rows {
        // The cells are as they came, perhaps guarded already; one more apostrophe would stay in them.
        write_row(&mut out, [message].into_iter().chain(cells.iter().map(unguard)).map(Cell::Text));
    }
    out
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in guard(text).chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
}

/// Returns whether a spreadsheet may take the text, behind spaces and apostrophes, for a formula.
fn is_risky(text: &str) -> bool {
    let behind = text.trim_start_matches('\'');
    let Some(first) = behind.chars().next() else { return false };
    if first.is_ascii_alphanumeric() {
        return false;
    }
    // Some readers trim before they look, so what stands behind the spaces counts as well.
    let trimmed = behind.trim_start_matches([' ', '\u{a0}', '\u{3000}', '\u{feff}']);
    matches!(trimmed.chars().next(), Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'))
        && !is_number(trimmed)
}

fn is_number(text: &str) -> bool {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, decimals) = body.split_once('.').unwrap_or((body, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(decimals)
}
