//! `keepwell export`: the same files as from the browser, for scripts.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, bail};
use domain::export::{Format, Request, What};
use domain::reports::Keyed;
use serde_json::json;

use super::configuration;
use super::import::say;
use super::paper::{self, PaperArguments};
use crate::config::Config;
use crate::export::{Made, day, make, state};

/// What can be said of an export.
#[derive(Debug, clap::Args)]
pub struct ExportArguments {
    /// accounts, contacts, alerts, tasks or usage; summary, the executive summary of a portfolio; or configuration, as YAML.
    pub subject: String,
    /// csv, json, xlsx or pdf; a PDF of accounts without --columns is a health report of each.
    #[arg(long, default_value = "csv")]
    pub format: String,
    /// The file to write; one that is there is replaced when the new one is whole.
    #[arg(long)]
    pub out: PathBuf,
    /// Of which accounts, such as: band = at_risk and arr > 10k
    #[arg(long, default_value = "")]
    pub filter: String,
    /// Which of them: of alerts all, risks, opportunities, snoozed or closed; of tasks all, open or done.
    #[arg(long, default_value = "")]
    state: String,
    /// The first day, such as 2026-11-21: when alerts were raised, tasks are due, or usage was.
    #[arg(long, default_value = "")]
    pub from: String,
    /// The last day.
    #[arg(long, default_value = "")]
    pub to: String,
    /// The fields by their keys, separated by commas; all that can be imported again unless told.
    #[arg(long, value_delimiter = ',')]
    pub columns: Vec<String>,
    #[command(flatten)]
    pub paper: PaperArguments,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Writes what is asked for into a file.
pub async fn run(config: &Config, arguments: ExportArguments) -> anyhow::Result<ExitCode> {
    if arguments.subject == configuration::WORD {
        return configuration::export(config, &arguments.out, arguments.json).await;
    }
    if paper::is_asked(&arguments) {
        return paper::run(config, arguments).await;
    }
    let Some(what) = What::from_key(&arguments.subject) else {
        let words: Vec<&str> = What::ALL.iter().map(|what| what.key()).collect();
        bail!("“{}” cannot be exported. Choose one of: {}.", arguments.subject, words.join(", "));
    };
    let (state, from, to) = (
        state(what, &arguments.state).map_err(say)?,
        day("from", &arguments.from).map_err(say)?,
        day("to", &arguments.to).map_err(say)?,
    );
    let ExportArguments { format, out, filter, columns, json, .. } = arguments;
    let Some(format) = Format::from_key(&format) else {
        bail!("“{format}” is not a format. Choose csv, json, xlsx or pdf.");
    };
    let (db, actor) = super::open(config).await?;
    let began = Instant::now();
    let part = Part::beside(&out)?;
    let request = Request { what, format, state, filter, from, to, columns, ..Request::default() };
    let made = make(&db, &actor, &request, false, part.open()?).await.map_err(explain)?;
    db.close().await;
    tell(part, &made, &out, began, json)
}

/// Gives a file that was made its name, and says how large it is and how long it took.
pub(super) fn tell(part: Part, made: &Made, out: &Path, began: Instant, json: bool) -> anyhow::Result<ExitCode> {
    part.become_file(&made.file, out)?;
    let (rows, bytes, seconds) = (made.rows, made.bytes, began.elapsed().as_secs_f64());
    if json {
        println!("{}", json!({ "rows": rows, "bytes": bytes, "seconds": seconds }));
    } else {
        println!("{rows} rows, {bytes} bytes, in {seconds:.2} s: {}", out.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns an error as a person reads it.
pub(super) fn explain(error: anyhow::Error) -> anyhow::Error {
    match error.downcast() {
        Ok(db::Error::Refused(refusal)) => say(refusal),
        Ok(other) => other.into(),
        Err(other) => other.downcast().map_or_else(|other| other, say),
    }
}

/// The file while it is written, beside the one it will be; it goes unless it becomes that one.
pub(super) struct Part(PathBuf);

impl Part {
    pub(super) fn beside(out: &Path) -> anyhow::Result<Self> {
        let Some(name) = out.file_name() else { bail!("“{}” is not the name of a file.", out.display()) };
        Ok(Self(out.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()))))
    }

    pub(super) fn open(&self) -> anyhow::Result<File> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&self.0);
        file.with_context(|| format!("writing {}", self.0.display()))
    }

    pub(super) fn become_file(self, file: &File, out: &Path) -> anyhow::Result<()> {
        // On the disk before it has the name: what is there is whole, even after a power cut.
        file.sync_all()?;
        std::fs::rename(&self.0, out).with_context(|| format!("writing {}", out.display()))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After the rename there is nothing left to remove.
        drop(std::fs::remove_file(&self.0));
    }
}
