//! Workbooks: the first sheet of an XLSX file becomes CSV; everything else passes through.

use std::io::Cursor;

use axum::body::Bytes;
use calamine::{Data, Reader, Xlsx};
use domain::import::decode::is_workbook;
use domain::import::{CELL_BYTES_MAX, COLUMNS_MAX, ROWS_MAX};
use domain::refusal::Refusal;

/// Largest unpacked size of a workbook, against files that unpack for ever.
const UNPACKED_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// Most parts a workbook may have.
const PARTS_MAX: usize = 10_000;

/// Returns the bytes of a text file as they are, and of a workbook as CSV.
pub fn to_text(bytes: Bytes) -> Result<Bytes, Refusal> {
    if !is_workbook(&bytes) {
        return Ok(bytes);
    }
    check_size(&bytes)?;
    let unreadable = |_| Refusal::Conflict("This workbook could not be read. Save it as CSV and try again.".to_owned());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let sheet = book
        .worksheet_range_at(0)
        .ok_or_else(|| Refusal::Conflict("This workbook has no sheets.".to_owned()))?
        .map_err(unreadable)?;
    let (rows, columns) = sheet.get_size();
    if u64::try_from(rows).unwrap_or(u64::MAX) > ROWS_MAX + 1 || columns > COLUMNS_MAX {
        return Err(Refusal::Conflict(
            "This sheet is too large. A file may have 1,000,000 rows and 500 columns.".to_owned(),
        ));
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in sheet.rows() {
        let cells = row.iter().map(cell);
        writer.write_record(cells).map_err(|_| Refusal::Conflict("This workbook could not be read.".to_owned()))?;
    }
    let text = writer.into_inner().map_err(|_| Refusal::Conflict("This workbook could not be read.".to_owned()))?;
    Ok(text.into())
}

/// Reads the directory at the end of the archive: what it says it unpacks to must be bounded.
fn check_size(bytes: &[u8]) -> Result<(), Refusal> {
    let too_large = || Refusal::Conflict("This workbook unpacks to too much. Save it as CSV and try again.".to_owned());
    let archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| Refusal::Conflict("This workbook is damaged. Save it again, or as CSV.".to_owned()))?;
    if archive.len() > PARTS_MAX {
        return Err(too_large());
    }
    match archive.decompressed_size() {
        Some(size) if size <= u128::from(UNPACKED_BYTES_MAX) => Ok(()),
        _ => Err(too_large()),
    }
}

fn cell(data: &Data) -> String {
    let text = match data {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(yes) => yes.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::DateTime(moment) => moment
            .as_datetime()
            .map_or_else(|| moment.as_f64().to_string(), |moment| moment.format("%Y-%m-%dT%H:%M:%S").to_string()),
        #[expect(unreachable_patterns, reason = "the reader may learn new kinds of cells")]
        other => other.to_string(),
    };
    // A cell over the limit is refused by the import with its line; here it only must not grow without bound.
    if text.len() > CELL_BYTES_MAX * 2 { text.chars().take(CELL_BYTES_MAX + 1).collect() } else { text }
}
