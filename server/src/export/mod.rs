//! Files that leave: rows come from the database a few at a time, a thread writes them, and nobody holds them all.
//!
//! A file is made before any of it is sent, so that what arrives is whole, has a length, and a slow reader keeps no
//! transaction open. Long ones are made by a task and kept for some days.

mod answer;
mod folder;
mod kept;
mod paper;
mod report;
mod span;
mod workbook;

use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::sync::Arc;

use anyhow::Context;
use app::i18n::Locale;
use app::paper::list::list;
use app::paper::pen::Paper;
use db::Db;
use db::export::{Manifest, Place, Step};
use domain::export::cells::Cell;
use domain::export::text::TextWriter;
use domain::export::{FILE_BYTES_MAX, Format, PAPER_ROWS_MAX, Record, Request};
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use tokio::sync::mpsc;

pub(crate) use answer::{day, state};
pub use answer::{from_address, from_form};
pub use folder::{Folder, sweep};
pub use kept::{download, perform};
pub(crate) use paper::rendered;
pub use paper::{Asked, built, health, review, summary};
pub use report::{Batch, archive_from_address, archive_from_form, in_turn, make_archive, make_reports, make_summary};
use workbook::{ROWS_MAX, Workbook};

/// Steps that may wait for the thread that writes.
const STEPS_WAITING: usize = 2;

/// A file that was made.
#[derive(Debug)]
pub struct Made {
    /// The file, at its beginning.
    pub file: File,
    /// How many rows are in it.
    pub rows: u64,
    /// How long it is.
    pub bytes: u64,
}

/// Writes what is asked for into a file; `marked` is for CSV that Excel opens.
pub async fn make(db: &Db, actor: &Actor, request: &Request, marked: bool, file: File) -> anyhow::Result<Made> {
    let mut tx = db.write(actor).await?;
    let manifest = db::export::begin(&mut tx, request).await?;
    let job = Job::new(manifest, marked, tx.now())?;
    tx.commit().await?;
    write(db, actor, job, file, None).await
}

/// Says how far a file is, and is told whether it is still wanted.
struct Watch<'a> {
    turn: &'a db::export::Turn,
    task: &'a db::tasks::Task,
}

/// Reads what leaves step by step and hands it to the thread that writes.
async fn write(db: &Db, actor: &Actor, job: Job, file: File, watch: Option<Watch<'_>>) -> anyhow::Result<Made> {
    let job = Arc::new(job);
    let (sender, receiver) = mpsc::channel(STEPS_WAITING);
    let writer = job.clone();
    let writing = tokio::task::spawn_blocking(move || match writer.manifest.request.format {
        Format::Xlsx => writer.workbook(receiver, file),
        Format::Csv | Format::Json => writer.text(receiver, file),
        Format::Pdf => writer.paper(receiver, file),
    });
    let (mut place, mut done) = (Place::default(), 0);
    let mut tx = db.read(actor).await?;
    while let Some(step) = db::export::step(&mut tx, &job.manifest, &mut place).await? {
        done += step.rows.len() as u64;
        // The thread has given up, and says why below.
        if sender.send(step).await.is_err() {
            break;
        }
        if let Some(watch) = &watch {
            watch.note(db, done, job.manifest.rows).await?;
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
    fn new(manifest: Manifest, marked: bool, now: Timestamp) -> Result<Self, db::Error> {
        if manifest.request.format == Format::Xlsx && manifest.rows > ROWS_MAX as u64 {
            let message = format!("A workbook has at most {ROWS_MAX} rows. Take CSV or JSON, or fewer rows.");
            return Err(Refusal::field("format", message).into());
        }
        if manifest.request.format == Format::Pdf && manifest.rows > PAPER_ROWS_MAX as u64 {
            let message = format!("A PDF has at most {PAPER_ROWS_MAX} rows. Take CSV, XLSX or JSON, or fewer rows.");
            return Err(Refusal::field("format", message).into());
        }
        Ok(Self { manifest, marked, now })
    }

    fn cells(&self, record: &Record, step: &Step) -> Vec<Cell> {
        app::exports::cells(record, &self.manifest.columns, &self.manifest.people, &step.accounts)
    }

    fn text(&self, mut steps: mpsc::Receiver<Step>, file: File) -> anyhow::Result<Made> {
        let mut writer = TextWriter::new(self.manifest.request.format, &self.manifest.columns);
        let (mut out, mut file, mut rows, mut bytes) = (String::new(), BufWriter::new(file), 0, 0);
        writer.begin(self.marked, &mut out);
        while let Some(step) = steps.blocking_recv() {
            for record in &step.rows {
                writer.row(&self.cells(record, &step), &mut out);
            }
            rows += step.rows.len() as u64;
            bytes += out.len() as u64;
            if bytes > FILE_BYTES_MAX {
                let message = "A file has at most 1 GiB. Take fewer rows or columns.";
                return Err(db::Error::Refused(Refusal::Conflict(message.to_owned())).into());
            }
            file.write_all(out.as_bytes())?;
            out.clear();
        }
        writer.end(&mut out);
        file.write_all(out.as_bytes())?;
        finish(file, rows)
    }

    fn paper(&self, mut steps: mpsc::Receiver<Step>, file: File) -> anyhow::Result<Made> {
        let mut rows = Vec::new();
        while let Some(step) = steps.blocking_recv() {
            rows.extend(step.rows.iter().map(|record| self.cells(record, &step)));
        }
        let paper = Paper { at: self.now, public: String::new(), locale: Locale::default() };
        let report = list(self.manifest.request.what, &self.manifest.columns, &rows, &paper);
        let mut file = BufWriter::new(file);
        file.write_all(&crate::pdf::render(&report)?)?;
        finish(file, rows.len() as u64)
    }

    fn workbook(&self, mut steps: mpsc::Receiver<Step>, file: File) -> anyhow::Result<Made> {
        let Manifest { request, columns, .. } = &self.manifest;
        let (mut book, mut rows) = (Workbook::new(request.what, columns, self.now)?, 0);
        while let Some(step) = steps.blocking_recv() {
            for record in &step.rows {
                book.row(&self.cells(record, &step))?;
            }
            rows += step.rows.len() as u64;
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
