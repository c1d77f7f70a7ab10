//! Workbooks: the first sheet of an XLSX file becomes CSV; everything else passes through.

use std::io::{Cursor, Read, Seek};

use axum::body::Bytes;
use calamine::{Data, Reader, Xlsx, XlsxCellReader};
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
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let name = book.sheet_names().into_iter().next();
    let name = name.ok_or_else(|| Refusal::Conflict("This workbook has no sheets.".to_owned()))?;
    let Some(area) = Area::of(&mut book, &name)? else { return Ok(Bytes::new()) };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let mut next = read(&mut cells)?;
    for row in area.first_row..=area.last_row {
        let mut record = vec![String::new(); area.width()];
        while let Some((position, text)) = next.take_if(|(position, _)| position.0 == row) {
            let column = usize::try_from(position.1.saturating_sub(area.first_column)).unwrap_or(usize::MAX);
            if let Some(place) = record.get_mut(column) {
                *place = text;
            }
            next = read(&mut cells)?;
        }
        writer.write_record(&record).map_err(unreadable)?;
    }
    if next.is_some() {
        return Err(unreadable("rows out of order"));
    }
    Ok(writer.into_inner().map_err(unreadable)?.into())
}

fn unreadable<E>(_: E) -> Refusal {
    Refusal::Conflict("This workbook could not be read. Save it as CSV and try again.".to_owned())
}

/// A cell that is not empty: its row and column, counted from 0, and its text.
type Placed = ((u32, u32), String);

fn read<R: Read + Seek>(cells: &mut XlsxCellReader<'_, R>) -> Result<Option<Placed>, Refusal> {
    while let Some(found) = cells.next_cell().map_err(unreadable)? {
        let text = cell(&Data::from(found.get_value().clone()));
        if !text.is_empty() {
            return Ok(Some((found.get_position(), text)));
        }
    }
    Ok(None)
}

/// The part of a sheet that holds something.
struct Area {
    first_row: u32,
    last_row: u32,
    first_column: u32,
    last_column: u32,
}

impl Area {
    /// Looks at every cell once, before there is memory for any: two cells in opposite corners of a sheet are a
    /// small file and a rectangle of billions.
    fn of<R: Read + Seek>(book: &mut Xlsx<R>, name: &str) -> Result<Option<Self>, Refusal> {
        let mut cells = book.worksheet_cells_reader(name).map_err(unreadable)?;
        let mut area: Option<Self> = None;
        while let Some(((row, column), _)) = read(&mut cells)? {
            let area =
                area.get_or_insert(Self { first_row: row, last_row: row, first_column: column, last_column: column });
            (area.first_row, area.last_row) = (area.first_row.min(row), area.last_row.max(row));
            (area.first_column, area.last_column) = (area.first_column.min(column), area.last_column.max(column));
            let rows = u64::from(area.last_row - area.first_row) + 1;
            if rows > ROWS_MAX + 1 || area.width() > COLUMNS_MAX {
                return Err(Refusal::Conflict(
                    "This sheet is too large. A file may have 1,000,000 rows and 500 columns.".to_owned(),
                ));
            }
            // What is written out is bounded too: empty cells between others take a comma each.
            if rows.saturating_mul(area.width() as u64) > UNPACKED_BYTES_MAX {
                return Err(too_large());
            }
        }
        Ok(area)
    }

    fn width(&self) -> usize {
        usize::try_from(self.last_column - self.first_column).unwrap_or(usize::MAX).saturating_add(1)
    }
}

/// Unpacks every part once without keeping it: what the directory of the archive says of its size may be a lie.
fn check_size(bytes: &[u8]) -> Result<(), Refusal> {
    let damaged = |_| Refusal::Conflict("This workbook is damaged. Save it again, or as CSV.".to_owned());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > PARTS_MAX {
        return Err(too_large());
    }
    let mut room = UNPACKED_BYTES_MAX;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let unpacked = std::io::copy(&mut part.take(room + 1), &mut std::io::sink()).map_err(unreadable)?;
        room = room.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

fn too_large() -> Refusal {
    Refusal::Conflict("This workbook unpacks to too much. Save it as CSV and try again.".to_owned())
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
