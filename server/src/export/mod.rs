//! Files that leave: rows come from the database a few at a time, a thread writes them, and nobody holds them all.
//!
//! A file is made before any of it is sent, so that what arrives is whole, has a length, and a slow reader keeps no
//! transaction open.

mod answer;
mod report;
mod workbook;

use std::fs::File;
use std::io::{BufWriter, Seek, Write};

use anyhow::Context;
use db::Db;
use db::export::{Manifest, STEP};
use domain::accounts::AccountRow;
use domain::export::cells::{self, Cell};
use domain::export::text::TextWriter;
use domain::export::{Format, Request};
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use tokio::sync::mpsc;

pub use answer::{from_address, from_form};
pub use report::{make_reports, of_account};
use workbook::{ROWS_MAX, Workbook};

/// Steps that may wait for the thread that writes.
const STEPS_WAITING: usize = 2;

/// A file that was made.
#[derive(Debug)]
pub struct Made {
    /// The file, at its beginning.
    pub file: File,
    /// How many accounts are in it.
    pub rows: u64,
    /// How long it is.
    pub bytes: u64,
}

/// Writes what is asked for into a file; `marked` is for CSV that Excel opens.
pub async fn make(db: &Db, actor: &Actor, request: &Request, marked: bool, file: File) -> anyhow::Result<Made> {
    let mut tx = db.write(actor).await?;
    let manifest = db::export::begin(&mut tx, request).await?;
    if request.format == Format::Xlsx && manifest.accounts.len() > ROWS_MAX {
        let message = format!("A workbook has at most {ROWS_MAX} rows. Take CSV or JSON, or fewer accounts.");
        return Err(db::Error::Refused(Refusal::field("format", message)).into());
    }
    let now = tx.now();
    tx.commit().await?;
    let (sender, receiver) = mpsc::channel(STEPS_WAITING);
    let accounts = manifest.accounts.clone();
    let (format, job) = (request.format, Job { manifest, marked, now });
    let writing = tokio::task::spawn_blocking(move || match format {
        Format::Xlsx => job.workbook(receiver, file),
        Format::Csv | Format::Json => job.text(format, receiver, file),
    });
    let mut tx = db.read(actor).await?;
    for ids in accounts.chunks(STEP) {
        let rows = db::export::rows(&mut tx, ids).await?;
        // The thread has given up, and says why below.
        if sender.send(rows).await.is_err() {
            break;
        }
    }
    drop((tx, sender));
    writing.await.context("writing the file")?
}

/// What the thread that writes needs to know.
struct Job {
    manifest: Manifest,
    marked: bool,
    now: Timestamp,
}

impl Job {
    fn cells(&self, row: &AccountRow) -> Vec<Cell> {
        cells::row(row, &self.manifest.columns, &self.manifest.names)
    }

    fn text(self, format: Format, mut steps: mpsc::Receiver<Vec<AccountRow>>, file: File) -> anyhow::Result<Made> {
        let mut writer = TextWriter::new(format, &self.manifest.columns);
        let (mut out, mut file, mut rows) = (String::new(), BufWriter::new(file), 0);
        writer.begin(self.marked, &mut out);
        while let Some(step) = steps.blocking_recv() {
            for row in &step {
                writer.row(&self.cells(row), &mut out);
            }
            rows += step.len() as u64;
            file.write_all(out.as_bytes())?;
            out.clear();
        }
        writer.end(&mut out);
        file.write_all(out.as_bytes())?;
        finish(file, rows)
    }

    fn workbook(self, mut steps: mpsc::Receiver<Vec<AccountRow>>, file: File) -> anyhow::Result<Made> {
        let (mut book, mut rows) = (Workbook::new(&self.manifest.columns, self.now)?, 0);
        while let Some(step) = steps.blocking_recv() {
            for row in &step {
                book.row(&self.cells(row))?;
            }
            rows += step.len() as u64;
        }
        let mut file = BufWriter::new(file);
        book.save(&mut file)?;
        finish(file, rows)
    }
}

fn finish(file: BufWriter<File>, rows: u64) -> anyhow::Result<Made> {
    let mut file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(Made { rows, bytes: file.metadata()?.len(), file })
}
