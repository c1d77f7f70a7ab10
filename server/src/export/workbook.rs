//! Workbooks, written row by row into a temporary file, so that their length costs no memory.

use std::io::Write;

use domain::export::What;
use domain::export::cells::Cell;
use domain::export::columns::Column;
use domain::import::write::{guard, unguard};
use domain::time::{DAY_MS, Timestamp};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Worksheet, XlsxError};

/// Most rows of a sheet, not counting the headings.
pub const ROWS_MAX: usize = 1_048_575;
/// The day count of 1970-01-01 in a workbook.
const EPOCH_DAYS: f64 = 25_569.0;
/// Days before this one are counted differently from one program to another: 1900-03-01.
const FIRST_DAY_MS: i64 = -25_508 * DAY_MS;
/// The first moment that no workbook knows: the year 10000.
const END_MS: i64 = 253_402_300_800_000;
/// How wide columns are, in characters.
const WIDTH: f64 = 18.0;

/// A workbook with one sheet.
pub struct Workbook {
    book: rust_xlsxwriter::Workbook,
    day: Format,
    moment: Format,
    next: u32,
}

impl Workbook {
    /// Begins a workbook with its headings.
    pub fn new(what: What, columns: &[Column], now: Timestamp) -> Result<Self, XlsxError> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let made = ExcelDateTime::from_timestamp(now.0.div_euclid(1_000))?;
        book.set_properties(&DocProperties::new().set_title(title(what)).set_creation_datetime(&made));
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(title(what))?.set_freeze_panes(1, 0)?;
        for (place, _) in (0u16..).zip(columns) {
            sheet.set_column_width(place, WIDTH)?;
        }
        for (place, column) in (0u16..).zip(columns) {
            sheet.write_string_with_format(0, place, &column.heading, &bold)?;
        }
        let (day, moment) = ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss");
        let format = |text: &str| Format::new().set_num_format(text);
        Ok(Self { book, day: format(day), moment: format(moment), next: 1 })
    }

    /// Adds one row.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        let row = self.next;
        self.next += 1;
        let sheet = self.book.worksheet_from_index(0)?;
        for (place, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Blank => {}
                Cell::Number(number) => {
                    sheet.write_number(row, place, *number)?;
                }
                Cell::Whole(number) => {
                    sheet.write_number(row, place, *number as f64)?;
                }
                Cell::Amount(digits) => match digits.parse::<f64>() {
                    Ok(number) => {
                        sheet.write_number(row, place, number)?;
                    }
                    Err(_) => text(sheet, row, place, digits)?,
                },
                Cell::Bool(yes) => {
                    sheet.write_boolean(row, place, *yes)?;
                }
                // A sheet counts days; what it cannot count exactly stays text.
                Cell::Moment(at) if (FIRST_DAY_MS..END_MS).contains(&at.0) && at.0 % 1_000 == 0 => {
                    let days = at.0 as f64 / DAY_MS as f64 + EPOCH_DAYS;
                    let format = if *at == at.day_start() { &self.day } else { &self.moment };
                    sheet.write_number_with_format(row, place, days, format)?;
                }
                Cell::Moment(_) | Cell::Text(_) | Cell::Words(_) => text(sheet, row, place, &cell.text())?,
            }
        }
        Ok(())
    }

    /// Writes the workbook out.
    pub fn save(mut self, out: impl Write + Send) -> Result<(), XlsxError> {
        self.book.save_to_writer(out)
    }
}

/// Returns what the sheet is called.
fn title(what: What) -> &'static str {
    match what {
        What::Accounts => "Accounts",
        What::Contacts => "Contacts",
        What::Alerts => "Alerts",
        What::Tasks => "Tasks",
        What::Usage => "Usage",
    }
}

/// A text of a workbook is never a formula. Only where the import would take an apostrophe away is one more needed.
fn text(sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
    let text = if unguard(text) == text { text.into() } else { guard(text) };
    sheet.write_string(row, column, &*text)?;
    Ok(())
}
