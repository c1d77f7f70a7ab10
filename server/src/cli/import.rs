//! `keepwell import` and `keepwell undo`: the same as the wizard, for scripts.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use db::Db;
use db::import::{Progress, Report, Upload};
use domain::id::BatchId;
use domain::identity::Actor;
use domain::import::FILE_BYTES_MAX;
use domain::import::decode::FileProblem;
use domain::import::kind::Kind;
use domain::import::pair::{Both, Made};
use domain::import::plan::Mode;
use domain::import::preview::Preview;
use domain::refusal::Refusal;
use serde_json::{Value, json};

use super::configuration;
use crate::config::Config;
use crate::workbook;

/// What can be said of an import.
#[derive(Debug, clap::Args)]
pub struct ImportArguments {
    /// accounts, contacts, accounts-with-contacts, usage, tickets, invoices or surveys; or configuration.
    pub(super) subject: String,
    /// The file: CSV in any encoding and with any delimiter, or XLSX; YAML for a configuration.
    pub(super) file: PathBuf,
    /// What to do with rows that exist: create, update or upsert.
    #[arg(long, default_value = "upsert")]
    mode: String,
    /// Check everything and write nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Imports a file with the columns guessed; unknown columns become custom fields.
pub async fn run(config: &Config, arguments: ImportArguments) -> anyhow::Result<ExitCode> {
    if arguments.subject == configuration::WORD {
        return configuration::import(config, &arguments).await;
    }
    let Some(kind) = Kind::from_key(&arguments.subject) else {
        bail!(
            "“{}” cannot be imported. Choose accounts, contacts, accounts-with-contacts, usage, tickets, invoices or surveys.",
            arguments.subject
        );
    };
    let mode = match arguments.mode.as_str() {
        "create" => Mode::Create,
        "update" => Mode::Update,
        "upsert" => Mode::Upsert,
        other => bail!("“{other}” is not a mode. Choose create, update or upsert."),
    };
    let bytes = read(&arguments.file)?;
    let name = arguments.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let text = workbook::to_text(bytes.into()).map_err(say)?;
    let upload = Upload::decode(&name, &text).map_err(explain)?;
    let (db, actor) = super::open(config).await?;
    let inspection = db::import::inspect(&db, &actor, &upload, kind).await.map_err(explain)?;
    let mut options = inspection.options;
    options.mode = mode;
    if arguments.dry_run {
        let preview = db::import::preview(&db, &actor, &upload, &options).await.map_err(explain)?;
        print_preview(&preview, arguments.json);
    } else {
        let finished = db::import::run(&db, &actor, &upload, &options, &Progress::new()).await.map_err(explain)?;
        let scored = score(&db, &actor).await;
        print_report(&finished.report, scored, arguments.json);
    }
    db.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Reads a file, unless it is larger than any that can be imported.
fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let reading = || format!("reading {}", file.display());
    let size = std::fs::metadata(file).with_context(reading)?.len();
    if size > FILE_BYTES_MAX as u64 {
        bail!(FileProblem::TooLarge);
    }
    std::fs::read(file).with_context(reading)
}

/// Scores what the command changed, so that a script that goes on sees the scores; returns how many accounts were
/// evaluated. What was written stays written when this fails.
pub(super) async fn score(db: &Db, actor: &Actor) -> Option<u32> {
    match db::health::catch_up(db, actor.workspace).await {
        Ok(scored) => Some(scored.evaluated),
        Err(error) => {
            eprintln!("The changes are saved, but not scored yet: {error}. The server scores them when it starts.");
            None
        }
    }
}

fn print_report(report: &Report, scored: Option<u32>, as_json: bool) {
    if as_json {
        let mut line = json!({
            "batch": report.batch, "rows": report.rows, "created": report.created, "updated": report.updated,
            "unchanged": report.unchanged, "invalid": report.invalid + report.conflict, "seconds": report.seconds,
            "scored": scored,
        });
        add_both(&mut line, report.both);
        println!("{line}");
        return;
    }
    let left_out = report.invalid + report.conflict;
    match report.both {
        None => println!(
            "{} rows: {} created, {} updated, {} unchanged, {left_out} left out, in {:.2} s",
            report.rows, report.created, report.updated, report.unchanged, report.seconds
        ),
        Some(Both { accounts, contacts }) => println!(
            "{} rows, {left_out} of them left out, in {:.2} s. Accounts: {}. Contacts: {}.",
            report.rows,
            report.seconds,
            made(accounts),
            made(contacts)
        ),
    }
    for error in report.errors.iter().take(20) {
        println!("  {error}");
    }
    if let Some(scored) = scored {
        println!("{scored} accounts scored.");
    }
    println!("Take it back with: keepwell undo {}", report.batch);
}

fn print_preview(preview: &Preview, as_json: bool) {
    let counts = &preview.counts;
    let left_out = counts.invalid + counts.conflict;
    if as_json {
        let mut line = json!({
            "dry_run": true, "rows": counts.rows, "created": counts.new, "updated": counts.update,
            "unchanged": counts.unchanged, "invalid": left_out,
        });
        add_both(&mut line, preview.both);
        println!("{line}");
        return;
    }
    match preview.both {
        None => println!(
            "{} rows: {} would be created, {} updated, {} unchanged, {left_out} left out. Nothing was written.",
            counts.rows, counts.new, counts.update, counts.unchanged
        ),
        Some(Both { accounts, contacts }) => println!(
            "{} rows, {left_out} of them left out. Accounts that would be: {}. Contacts: {}. Nothing was written.",
            counts.rows,
            made(accounts),
            made(contacts)
        ),
    }
    for error in preview.errors.iter().take(20) {
        println!("  {error}");
    }
}

/// Adds the numbers of accounts and of contacts, where a file has both.
fn add_both(line: &mut Value, both: Option<Both>) {
    if let Some(Both { accounts, contacts }) = both {
        line["accounts"] = json!(accounts);
        line["contacts"] = json!(contacts);
    }
}

fn made(made: Made) -> String {
    format!("{} created, {} updated, {} unchanged", made.created, made.updated, made.unchanged)
}

/// Takes a batch back.
pub async fn undo(config: &Config, batch: &str, as_json: bool) -> anyhow::Result<ExitCode> {
    let batch: BatchId = batch.parse().with_context(|| format!("“{batch}” is not a batch id"))?;
    let (db, actor) = super::open(config).await?;
    let report = db::undo::undo(&db, &actor, batch).await.map_err(explain)?;
    let scored = score(&db, &actor).await;
    if as_json {
        let (undone, conflicts) = (report.undone, report.conflicts);
        println!("{}", json!({"batch": report.batch, "undone": undone, "conflicts": conflicts, "scored": scored}));
    } else {
        println!("{} changes taken back, {} left because of later changes.", report.undone, report.conflicts);
        for conflict in &report.examples {
            println!("  {}: {}", conflict.name, conflict.reason);
        }
    }
    db.close().await;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn explain(error: db::Error) -> anyhow::Error {
    match error {
        db::Error::Refused(refusal) => say(refusal),
        other => other.into(),
    }
}

/// Returns what is wrong with each field, where a refusal lists fields.
pub(super) fn say(refusal: Refusal) -> anyhow::Error {
    match refusal {
        Refusal::Invalid(fields) => {
            let words: Vec<String> = fields.into_iter().map(|field| field.message).collect();
            anyhow::anyhow!("{}", words.join(" "))
        }
        other => other.into(),
    }
}
