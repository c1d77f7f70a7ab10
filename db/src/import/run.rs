//! The one transaction of an import: killed, cancelled or refused, it changes nothing.

use std::collections::BTreeMap;
use std::time::Instant;

use domain::id::{AccountId, BatchId};
use domain::identity::{Actor, Role};
use domain::import::pair::Both;
use domain::import::plan::{Options, Outcome, RowError};
use domain::import::preview::{ERRORS_KEPT, RowOutcome};
use domain::import::report::{Phase, Report};
use domain::import::table::{Cells, RowSource, Table};
use domain::import::write::error_rows_csv;
use domain::refusal::Refusal;
use serde_json::{Value, json};
use tokio::task::JoinError;

use super::files::Upload;
use super::prepare::{add_fields, prepare};
use super::progress::Progress;
use super::reader::{Purpose, Reader};
use super::write::{Docs, Judge, Judged, Verdict, Work};
use crate::error::{Error, Result};
use crate::import_schedules::Noted;
use crate::pool::Db;
use crate::tx::Tx;
use crate::{batches, usage};

/// Most rows with errors that are given back as a file.
const ERROR_ROWS_MAX: usize = 100_000;

/// What an import did, and the rows that it left out.
#[derive(Clone, Debug)]
pub struct Finished {
    /// What it did.
    pub report: Report,
    /// The rows that were wrong or not allowed, as a CSV file that says why; `None` where there are none.
    pub error_rows: Option<String>,
}

/// Imports a file. Everything happens in one transaction and one batch that can be undone.
pub async fn run(db: &Db, actor: &Actor, upload: &Upload, options: &Options, progress: &Progress) -> Result<Finished> {
    run_for(db, actor, (upload, options), progress, None).await
}

/// Imports a file as [`run`] does, for a run of a scheduled import that ends in the same transaction.
pub(crate) async fn run_for(
    db: &Db,
    actor: &Actor,
    (upload, options): (&Upload, &Options),
    progress: &Progress,
    noted: Option<&Noted>,
) -> Result<Finished> {
    let begin = Instant::now();
    actor.require(Role::Csm)?;
    progress.set_phase(Phase::Waiting);
    progress.set_total(upload.text.bytes().filter(|byte| *byte == b'\n').count() as u64);
    let mut tx = db.write(actor).await?;
    progress.set_phase(Phase::Writing);
    if let Some(noted) = noted {
        noted.begin(&mut tx).await?;
    }
    let batch = batches::open(&mut tx, "import", &upload.name).await?;
    let reader = prepare(&mut tx, upload, options).await?;
    add_fields(&mut tx, &reader.options).await?;
    let tally = write_rows(&mut tx, reader, batch, progress).await?;
    progress.set_phase(Phase::Saving);
    let report = &tally.report;
    batches::set_counts(&mut tx, batch, &counts(report)).await?;
    if let Some(noted) = noted {
        noted.end(&mut tx, report).await?;
    }
    stop_if_cancelled(progress)?;
    tx.hold_checkpoint().await?;
    let committed = tx.commit().await;
    db.checkpoint_soon();
    committed?;
    progress.set_total(report.rows);
    let mut report = tally.report;
    report.seconds = begin.elapsed().as_secs_f64();
    let (text, bad) = (upload.text.clone(), tally.bad);
    let error_rows = tokio::task::spawn_blocking(move || error_rows(&text, &bad)).await.map_err(reader_failed)?;
    progress.set_phase(Phase::Done);
    Ok(Finished { report, error_rows })
}

/// Returns what the list of imports shows.
fn counts(report: &Report) -> Value {
    let mut counts = json!({
        "rows": report.rows, "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
        "conflict": report.conflict, "invalid": report.invalid,
    });
    if let Some(Both { accounts, contacts }) = report.both {
        counts["accounts"] = json!(accounts);
        counts["contacts"] = json!(contacts);
    }
    counts
}

/// What happened to the rows so far.
struct Tally {
    report: Report,
    /// The lines of the rows that were left out, and why.
    bad: Vec<(u64, String)>,
    /// How many days of usage each account got.
    days: BTreeMap<AccountId, usize>,
}

async fn write_rows(tx: &mut Tx, reader: Reader, batch: BatchId, progress: &Progress) -> Result<Tally> {
    let mut tally = Tally { report: empty_report(batch), bad: Vec::new(), days: BTreeMap::new() };
    let (subject, mut judge) = (reader.options.subject, Judge::new(&reader.options));
    tally.report.both = judge.is_pair().then(Both::default);
    let (mut chunks, reading) = reader.start(Purpose::Write);
    while let Some(chunk) = chunks.recv().await {
        stop_if_cancelled(progress)?;
        let rows = chunk.len();
        let mut work = Work::default();
        for judged in judge.judge(tx, chunk).await? {
            tally.add(judged, &mut work);
        }
        work.write(tx, subject, &mut tally.days).await?;
        progress.add_done(rows);
    }
    reading.await.map_err(reader_failed)??;
    usage::record_days(tx, &tally.days);
    Ok(tally)
}

impl Tally {
    fn add(&mut self, Judged { line, verdict, contact, .. }: Judged, work: &mut Work) {
        self.report.rows += 1;
        let account = match verdict {
            Verdict::Day { day, outcome } => {
                work.set_day(day);
                Some(RowOutcome::from(&outcome))
            }
            verdict => self.take(line, verdict, &mut work.docs),
        };
        let contact = contact.and_then(|contact| self.take(line, *contact, &mut work.contacts));
        for outcome in account.iter().chain(&contact) {
            match outcome {
                RowOutcome::New => self.report.created += 1,
                RowOutcome::Update => self.report.updated += 1,
                RowOutcome::Unchanged => self.report.unchanged += 1,
                RowOutcome::Conflict => self.report.conflict += 1,
                RowOutcome::Invalid | RowOutcome::Unknown => self.report.invalid += 1,
            }
        }
        if let Some(both) = &mut self.report.both {
            account.into_iter().for_each(|outcome| both.accounts.add(outcome));
            contact.into_iter().for_each(|outcome| both.contacts.add(outcome));
        }
    }

    /// Puts what a verdict writes to the other documents, and returns it in a word; nothing where an earlier row counts.
    fn take(&mut self, line: u64, verdict: Verdict, docs: &mut Docs) -> Option<RowOutcome> {
        let (outcome, errors) = match verdict {
            Verdict::New(doc) => {
                doc.into_iter().for_each(|doc| docs.create(doc));
                return Some(RowOutcome::New);
            }
            Verdict::Update { existing, after, .. } => {
                docs.change(existing, after);
                return Some(RowOutcome::Update);
            }
            Verdict::Day { .. } | Verdict::Repeated => return None,
            Verdict::Other(Outcome::Conflict(reason)) => (RowOutcome::Conflict, vec![RowError::row(line, reason)]),
            Verdict::Other(Outcome::Invalid(reason)) => (RowOutcome::Invalid, vec![RowError::row(line, reason)]),
            Verdict::Other(_) => return Some(RowOutcome::Unchanged),
            Verdict::Wrong(errors) => (RowOutcome::Invalid, errors),
        };
        self.leave_out(line, errors);
        Some(outcome)
    }

    fn leave_out(&mut self, line: u64, errors: Vec<RowError>) {
        if self.bad.len() < ERROR_ROWS_MAX {
            let say = |error: &RowError| match &error.column {
                Some(column) => format!("{column}: {}", error.message),
                None => error.message.clone(),
            };
            self.bad.push((line, errors.iter().map(say).collect::<Vec<_>>().join(" ")));
        }
        self.report.errors_total += errors.len() as u64;
        let room = ERRORS_KEPT - self.report.errors.len();
        self.report.errors.extend(errors.into_iter().take(room));
    }
}

fn empty_report(batch: BatchId) -> Report {
    Report {
        batch,
        rows: 0,
        created: 0,
        updated: 0,
        unchanged: 0,
        both: None,
        conflict: 0,
        invalid: 0,
        seconds: 0.0,
        errors: Vec::new(),
        errors_total: 0,
    }
}

fn stop_if_cancelled(progress: &Progress) -> Result<(), Refusal> {
    if progress.is_cancelled() {
        Err(Refusal::Conflict("The import was stopped. Nothing was changed.".to_owned()))
    } else {
        Ok(())
    }
}

/// Reads the rows that were left out once more, as keeping the cells of all rows would cost too much memory.
fn error_rows(text: &str, bad: &[(u64, String)]) -> Option<String> {
    let table = Table::open(text).ok().filter(|_| !bad.is_empty())?;
    let (mut rows, mut cells, mut bad) = (table.rows(), Cells::new(), bad.iter().peekable());
    let mut found: Vec<(Cells, &str)> = Vec::new();
    while let (Some((wanted, why)), Ok(Some(line))) = (bad.peek(), rows.read(&mut cells)) {
        if line == *wanted {
            found.push((cells.clone(), why));
            bad.next();
        }
    }
    Some(error_rows_csv(table.headings(), found.iter().map(|(cells, why)| (cells, *why))))
}

/// The thread that reads can only end early by a mistake in the program.
pub(super) fn reader_failed(error: JoinError) -> Error {
    Error::Stored(format!("reading the file failed: {error}"))
}
