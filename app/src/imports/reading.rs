//! Reading a file in the browser, a few rows at a time, so that the page stays awake.

use std::sync::Arc;
use std::time::Duration;

use domain::fields::Catalogue;
use domain::import::FILE_BYTES_MAX;
use domain::import::decode::{Encoding, FileProblem, decode, is_workbook};
use domain::import::kind::Kind;
use domain::import::mapping::guess;
use domain::import::pair::RowReader;
use domain::import::plan::Options;
use domain::import::preview::{Preview, Read};
use domain::import::profile::{ColumnProfile, Profile};
use domain::import::report::Inspection;
use domain::import::table::{Cells, RowSource, Table};
use domain::money::Currency;
use domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::server_fns::{import_fields, inspect_file};
use super::upload;
use super::wizard::{Local, Step, Upload, Wizard};
use crate::boot;
use crate::error::Error;
use crate::i18n::td_string;
use crate::ui::loaded::words;
use crate::ui::wait::wait;

/// Larger files are read by the server.
const LOCAL_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Cells that are read before the page gets its turn: about ten milliseconds of work.
const CELLS_AT_ONCE: usize = 4_000;
/// Rows that show what a column holds.
const SAMPLE_ROWS: usize = 20;

/// Takes a file that was picked or dropped.
pub fn take_file(wizard: Wizard, file: web_sys::File) {
    let turn = wizard.forget();
    let name = file.name();
    wizard.reading.set(Some(name.clone()));
    spawn_local(async move {
        let size = file.size();
        let outcome = if size > FILE_BYTES_MAX as f64 {
            Err(FileProblem::TooLarge.to_string())
        } else if size == 0.0 {
            Err(FileProblem::Empty.to_string())
        } else if size <= LOCAL_BYTES_MAX as f64 {
            read_small(wizard, turn, name, &file).await
        } else {
            read_on_server(wizard, turn, &name, file.into()).await
        };
        settle(wizard, turn, true, outcome);
    });
}

/// Takes rows that were pasted.
pub fn take_text(wizard: Wizard, text: String) {
    let turn = wizard.forget();
    let name = td_string!(wizard.language.get_untracked(), imports.pasted_name).to_owned();
    wizard.reading.set(Some(name.clone()));
    spawn_local(async move {
        let outcome = read_local(wizard, turn, name, text.into_bytes()).await;
        settle(wizard, turn, true, outcome);
    });
}

/// Reads the file again as rows of another kind.
pub fn take_again(wizard: Wizard) {
    let Some(inspection) = wizard.inspection.get_untracked() else { return };
    let (local, file) = (wizard.local.get_untracked(), wizard.file());
    let turn = wizard.forget();
    wizard.reading.set(Some(inspection.name.clone()));
    spawn_local(async move {
        let outcome = match (local, file) {
            (Some(local), _) => read_local(wizard, turn, inspection.name.clone(), local.bytes.to_vec()).await,
            (None, Some(file)) => inspect(wizard, turn, file).await,
            (None, None) => Ok(()),
        };
        settle(wizard, turn, false, outcome);
    });
}

/// Opens a file that the server has already, as after loading the page again.
pub fn take_stored(wizard: Wizard, file: domain::import::report::FileId) {
    let turn = wizard.forget();
    spawn_local(async move {
        let outcome = inspect(wizard, turn, file).await;
        settle(wizard, turn, false, outcome);
    });
}

/// Sends the file to the server once more.
pub fn send_again(wizard: Wizard) {
    let Some((local, inspection)) = wizard.local.get_untracked().zip(wizard.inspection.get_untracked()) else { return };
    let turn = wizard.turn();
    spawn_local(async move { send(wizard, turn, &inspection.name, bytes_of(&local.bytes)).await });
}

/// Ends the reading of a file: a new one leads on to its columns, one that cannot be used back to the choice.
fn settle(wizard: Wizard, turn: u32, is_new: bool, outcome: Result<(), String>) {
    if !wizard.is_turn(turn) {
        return;
    }
    wizard.reading.set(None);
    match outcome {
        Ok(()) if is_new && wizard.step.get_untracked() == Step::File => wizard.go(Step::Columns),
        Ok(()) => {}
        Err(message) => {
            wizard.problem.set(Some(message));
            if wizard.step.get_untracked() != Step::File {
                wizard.leave();
            }
        }
    }
}

async fn read_small(wizard: Wizard, turn: u32, name: String, file: &web_sys::File) -> Result<(), String> {
    let unreadable = |_| td_string!(wizard.language.get_untracked(), imports.unreadable).to_owned();
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(unreadable)?;
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    if is_workbook(&bytes) {
        return read_on_server(wizard, turn, &name, file.clone().into()).await;
    }
    read_local(wizard, turn, name, bytes).await
}

async fn read_on_server(wizard: Wizard, turn: u32, name: &str, body: JsValue) -> Result<(), String> {
    send(wizard, turn, name, body).await;
    if !wizard.is_turn(turn) {
        return Ok(());
    }
    match wizard.upload.get_untracked() {
        Upload::Stored(file) => inspect(wizard, turn, file).await,
        Upload::Failed(message) => Err(message),
        Upload::Nothing | Upload::Sending(_) => Ok(()),
    }
}

async fn inspect(wizard: Wizard, turn: u32, file: domain::import::report::FileId) -> Result<(), String> {
    let inspection = inspect_file(file, wizard.kind.get_untracked()).await;
    if !wizard.is_turn(turn) {
        return Ok(());
    }
    wizard.show(inspection.map_err(|error| sentence(wizard, &error))?);
    wizard.upload.set(Upload::Stored(file));
    Ok(())
}

async fn read_local(wizard: Wizard, turn: u32, name: String, bytes: Vec<u8>) -> Result<(), String> {
    let (table, encoding) = open(&bytes).map_err(|problem| problem.to_string())?;
    let kind = wizard.kind.get_untracked();
    let catalogue = import_fields(kind).await.map_err(|error| sentence(wizard, &error))?;
    let Some((profile, sample)) = look(wizard, turn, &table).await.map_err(|problem| problem.to_string())? else {
        return Ok(());
    };
    let local = Local { bytes: Arc::new(bytes), table: Arc::new(table) };
    let body = bytes_of(&local.bytes);
    let facts = (name.clone(), encoding, kind);
    wizard.show(describe(&local.table, &profile, sample, catalogue, facts));
    wizard.local.set(Some(local));
    // The server needs the file only for the next step: it travels while the person looks at the columns.
    spawn_local(async move { send(wizard, turn, &name, body).await });
    Ok(())
}

fn open(bytes: &[u8]) -> Result<(Table<'static>, Encoding), FileProblem> {
    let decoded = decode(bytes)?;
    let table = Table::open(decoded.text.into_owned())?;
    Ok((table, decoded.encoding))
}

fn describe(
    table: &Table<'_>,
    profile: &Profile,
    sample: Vec<Vec<String>>,
    catalogue: Catalogue,
    (name, encoding, kind): (String, Encoding, Kind),
) -> Inspection {
    let mapping = guess(table.headings(), profile, &catalogue, kind);
    let currency = boot::me().and_then(|me| me.currency.parse().ok()).unwrap_or(Currency::USD);
    Inspection {
        name,
        headings: table.headings().to_vec(),
        delimiter: table.delimiter(),
        encoding,
        options: Options::new(kind, mapping, currency),
        catalogue,
        sample,
        rows: profile.rows,
    }
}

/// Learns what the columns hold; nothing where another file was chosen meanwhile.
async fn look(
    wizard: Wizard,
    turn: u32,
    table: &Table<'_>,
) -> Result<Option<(Profile, Vec<Vec<String>>)>, FileProblem> {
    let width = table.headings().len();
    let mut profile = Profile { columns: vec![ColumnProfile::default(); width], rows: 0 };
    let (mut sample, mut rows, mut cells) = (Vec::new(), table.rows(), Cells::new());
    loop {
        for _ in 0..rows_at_once(width) {
            if rows.read(&mut cells)?.is_none() {
                return if profile.rows == 0 { Err(FileProblem::NoRows) } else { Ok(Some((profile, sample))) };
            }
            profile.rows += 1;
            // A row of another length has its cells under the wrong headings.
            if cells.len() == width {
                profile.columns.iter_mut().zip(&cells).for_each(|(column, cell)| column.observe(cell));
                if sample.len() < SAMPLE_ROWS {
                    sample.push(cells.iter().map(str::to_owned).collect());
                }
            }
        }
        wait(Duration::ZERO).await;
        if !wizard.is_turn(turn) {
            return Ok(None);
        }
    }
}

/// Checks all rows with the present choices; nothing where `is_wanted` no longer holds.
pub async fn check(
    table: &Table<'_>,
    options: &Options,
    catalogue: &Catalogue,
    is_wanted: impl Fn() -> bool,
) -> Option<Result<Preview, Refusal>> {
    let headings = table.headings();
    let mut reader = match RowReader::new(headings, options, catalogue) {
        Ok(reader) => reader,
        Err(refusal) => return Some(Err(refusal)),
    };
    let mut preview = Preview::new(headings, &options.mapping);
    let (mut rows, mut cells) = (table.rows(), Cells::new());
    loop {
        for _ in 0..rows_at_once(headings.len()) {
            let line = match rows.read(&mut cells) {
                Ok(Some(line)) => line,
                Ok(None) => return Some(Ok(preview)),
                Err(problem) => return Some(Err(problem.into())),
            };
            match reader.read(line, &cells) {
                Read::Row(_) => preview.add(line, &cells, None),
                Read::Repeated => preview.add(line, &cells, Some(&domain::import::plan::Outcome::Unchanged)),
                Read::Wrong(errors) => preview.add_errors(line, &cells, errors),
            }
        }
        wait(Duration::ZERO).await;
        if !is_wanted() {
            return None;
        }
    }
}

async fn send(wizard: Wizard, turn: u32, name: &str, body: JsValue) {
    wizard.upload.set(Upload::Sending(None));
    let progress = move |percent| {
        if wizard.is_turn(turn) {
            wizard.upload.set(Upload::Sending(Some(percent)));
        }
    };
    let answer = upload::send(name, &body, progress).await;
    if !wizard.is_turn(turn) {
        return;
    }
    let locale = wizard.language.get_untracked();
    wizard.upload.set(match answer {
        Ok(file) => Upload::Stored(file),
        Err(Some(message)) => Upload::Failed(message),
        Err(None) => Upload::Failed(td_string!(locale, imports.upload_failed).to_owned()),
    });
    if wizard.file().is_some() {
        wizard.note_file();
    }
}

fn bytes_of(bytes: &[u8]) -> JsValue {
    js_sys::Uint8Array::from(bytes).into()
}

fn rows_at_once(width: usize) -> usize {
    (CELLS_AT_ONCE / width.max(1)).max(1)
}

/// Returns an error as one sentence.
#[must_use]
pub fn sentence(wizard: Wizard, error: &Error) -> String {
    words(error, wizard.language.get_untracked()).1
}
