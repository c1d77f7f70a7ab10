//! `keepwell export`: the same files as from the browser, for scripts.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, bail};
use domain::export::{Format, Request};
use domain::fields::Subject;
use serde_json::json;

use super::import::say;
use crate::config::Config;
use crate::export::{Made, make, make_reports};

/// The word for a health report of each account.
const REPORTS: &str = "pdf";

/// What can be said of an export.
#[derive(Debug, clap::Args)]
pub struct ExportArguments {
    /// accounts.
    subject: String,
    /// csv, json, xlsx, or pdf for a health report of each account.
    #[arg(long, default_value = "csv")]
    format: String,
    /// The file to write; one that is there is replaced when the new one is whole.
    #[arg(long)]
    out: PathBuf,
    /// Which accounts, such as: band = at_risk and arr > 10k
    #[arg(long, default_value = "")]
    filter: String,
    /// The fields by their keys, separated by commas; all that can be imported again unless told.
    #[arg(long, value_delimiter = ',')]
    columns: Vec<String>,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Writes accounts into a file.
pub async fn run(config: &Config, arguments: ExportArguments) -> anyhow::Result<ExitCode> {
    if Subject::from_key(&arguments.subject) != Some(Subject::Account) {
        bail!("“{}” cannot be exported. Choose accounts.", arguments.subject);
    }
    let ExportArguments { format, out, filter, columns, json, .. } = arguments;
    let table = Format::from_key(&format);
    if table.is_none() && format != REPORTS {
        bail!("“{format}” is not a format. Choose csv, json, xlsx or pdf.");
    }
    if table.is_none() && !columns.is_empty() {
        bail!("A report has no columns. Leave --columns out, or take csv, json or xlsx.");
    }
    let (db, actor) = super::open(config).await?;
    let began = Instant::now();
    let part = Part::beside(&out)?;
    let made = match table {
        Some(format) => {
            let request = Request { format, filter, accounts: Vec::new(), columns };
            make(&db, &actor, &request, false, part.open()?).await
        }
        None => make_reports(&db, &actor, &filter, &config.public_url, part.open()?).await,
    };
    let made = made.map_err(explain)?;
    db.close().await;
    let (rows, bytes) = (made.rows, made.bytes);
    part.become_file(made, &out)?;
    let seconds = began.elapsed().as_secs_f64();
    if json {
        println!("{}", json!({ "rows": rows, "bytes": bytes, "seconds": seconds }));
    } else {
        println!("{rows} rows, {bytes} bytes, in {seconds:.2} s: {}", out.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn explain(error: anyhow::Error) -> anyhow::Error {
    match error.downcast() {
        Ok(db::Error::Refused(refusal)) => say(refusal),
        Ok(other) => other.into(),
        Err(other) => other,
    }
}

/// The file while it is written, beside the one it will be; it goes unless it becomes that one.
struct Part(PathBuf);

impl Part {
    fn beside(out: &Path) -> anyhow::Result<Self> {
        let Some(name) = out.file_name() else { bail!("“{}” is not the name of a file.", out.display()) };
        Ok(Self(out.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()))))
    }

    fn open(&self) -> anyhow::Result<File> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&self.0);
        file.with_context(|| format!("writing {}", self.0.display()))
    }

    fn become_file(self, made: Made, out: &Path) -> anyhow::Result<()> {
        // On the disk before it has the name: what is there is whole, even after a power cut.
        made.file.sync_all()?;
        std::fs::rename(&self.0, out).with_context(|| format!("writing {}", out.display()))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After the rename there is nothing left to remove.
        drop(std::fs::remove_file(&self.0));
    }
}
