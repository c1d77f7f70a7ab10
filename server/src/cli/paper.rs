//! `keepwell export` for documents: health reports, review packs and the summary of a portfolio.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;
use domain::fields::Subject;

use super::export::{ExportArguments, Part, explain, tell};
use crate::config::Config;
use crate::export::{Asked, Batch, make_archive, make_reports, make_summary};

/// The word for documents among the formats, and that for the summary among the subjects.
const PDF: &str = "pdf";
const SUMMARY: &str = "summary";

/// What can be said of documents.
#[derive(Debug, clap::Args)]
pub struct PaperArguments {
    /// One PDF for each account, in one ZIP file.
    #[arg(long)]
    zip: bool,
    /// What each account gets: health or review.
    #[arg(long, default_value = "health")]
    document: String,
    /// The language of documents: en, de or ar.
    #[arg(long, default_value = "en")]
    language: String,
}

/// Returns whether documents are asked for; a PDF of accounts with columns is a table like any other.
pub fn is_asked(arguments: &ExportArguments) -> bool {
    let of_accounts = arguments.subject == Subject::Account.key() && arguments.columns.is_empty();
    arguments.subject == SUMMARY || (arguments.format == PDF && of_accounts) || arguments.paper.zip
}

/// Writes documents into a file.
pub async fn run(config: &Config, arguments: ExportArguments) -> anyhow::Result<ExitCode> {
    let ExportArguments { subject, out, filter, columns, from, to, paper, json, .. } = arguments;
    let PaperArguments { zip, document, language } = paper;
    if subject != SUMMARY && Subject::from_key(&subject) != Some(Subject::Account) {
        bail!("“{subject}” cannot be exported. Choose accounts or summary.");
    }
    if !columns.is_empty() {
        bail!("A report has no columns. Leave --columns out, or take csv, json or xlsx.");
    }
    if subject != SUMMARY && !zip && document != "health" {
        bail!("Review packs are one file for each account. Add --zip.");
    }
    let (db, actor) = super::open(config).await?;
    let began = Instant::now();
    let part = Part::beside(&out)?;
    let (file, public) = (part.open()?, config.public_url.as_str());
    let made = if zip && subject != SUMMARY {
        let batch = Batch { document, accounts: String::new(), language, filter, from, to };
        make_archive(&db, &actor, &batch, public, file).await
    } else {
        let asked = Asked { language, filter, from, to };
        match subject.as_str() {
            SUMMARY => make_summary(&db, &actor, &asked, public, file).await,
            _ => make_reports(&db, &actor, &asked, public, file).await,
        }
    };
    let made = made.map_err(explain)?;
    db.close().await;
    tell(part, &made, &out, began, json)
}
