//! Reports of many accounts: bound in one file, or one file each in an archive.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Write};

use anyhow::Context;
use app::account::report::review::SPAN_DAYS;
use app::account::report::{Wanted, report};
use app::paper::pen::Paper;
use axum::Form;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use db::Db;
use domain::id::AccountId;
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::report::Report;
use domain::time::Timestamp;
use futures::{StreamExt, TryStreamExt, stream};
use http::{HeaderMap, header};
use serde::Deserialize;
use tokio::sync::mpsc;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::answer::{ROOM, is_elsewhere, parts};
use super::paper::{self, Asked, failed, health_of, rendered, review_of};
use super::{Made, finish};
use crate::state::AppState;
use crate::uploads::{actor, refuse};

/// Documents that are made at the same time, and that wait to be put into the archive.
const AT_ONCE: usize = 4;
const WAITING: usize = 2;

/// The documents of which there is one for each account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Document {
    /// The health report.
    #[default]
    Health,
    /// The review pack.
    Review,
}

impl Document {
    /// Returns the word used in addresses, on the command line and in the log.
    pub fn key(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Review => "review",
        }
    }

    /// Returns the document with this word, or refuses.
    pub fn from_key(key: &str) -> Result<Self, Refusal> {
        match key {
            "" | "health" => Ok(Self::Health),
            "review" => Ok(Self::Review),
            _ => Err(Refusal::field("document", "Choose health or review.")),
        }
    }
}

/// What is asked of an archive.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The document.
    #[serde(default)]
    pub document: String,
    /// The accounts, separated by commas; empty for all that the filter lets through.
    #[serde(default)]
    pub accounts: String,
    /// The tag of the language.
    #[serde(default)]
    pub language: String,
    /// Which accounts, in the filter language.
    #[serde(default)]
    pub filter: String,
    /// The first day.
    #[serde(default)]
    pub from: String,
    /// The last day.
    #[serde(default)]
    pub to: String,
}

/// Answers a program with an archive of documents.
pub async fn archive_from_address(state: State<AppState>, Query(batch): Query<Batch>, headers: HeaderMap) -> Response {
    if is_elsewhere(&headers) {
        return refuse(&Refusal::Forbidden);
    }
    archive(state, batch, headers).await
}

/// Answers the form of our own page, which may name many accounts, with an archive of documents.
pub async fn archive_from_form(state: State<AppState>, headers: HeaderMap, Form(batch): Form<Batch>) -> Response {
    archive(state, batch, headers).await
}

async fn archive(State(state): State<AppState>, batch: Batch, headers: HeaderMap) -> Response {
    let actor = match actor(&state, &headers).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    let at = state.db.clock().now();
    let made = async {
        let _room = ROOM.acquire().await?;
        let public = state.config.public_url.clone();
        make_archive(&state.db, &actor, &batch, &public, tempfile::tempfile()?).await
    };
    match made.await {
        Ok(made) => send(made, at),
        Err(error) => failed(&error),
    }
}

fn send(made: Made, at: Timestamp) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        // The name is made of a word and a day, and needs no escaping.
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"reports-{}.zip\"", at.iso_date())),
        (header::CONTENT_LENGTH, made.bytes.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, Body::from_stream(parts(made.file, made.bytes))).into_response()
}

/// Writes an archive with a document for each account into a file. A few are made at a time and each is put away before
/// the next ones are begun, so that it does not matter how many there are.
pub async fn make_archive(db: &Db, actor: &Actor, batch: &Batch, public: &str, file: File) -> anyhow::Result<Made> {
    let document = Document::from_key(&batch.document)?;
    let Batch { language, filter, from, to, .. } = batch;
    let (language, filter) = (language.clone(), filter.clone());
    let asked = Asked { language, filter, from: from.clone(), to: to.clone() };
    let named = batch.accounts.split(',').map(str::trim).filter(|id| !id.is_empty());
    let named: Vec<AccountId> = named.map(|id| id.parse().map_err(|_| Refusal::NotFound)).collect::<Result<_, _>>()?;
    let mut tx = db.write(actor).await?;
    let paper = Paper { at: tx.now(), public: public.to_owned(), locale: asked.locale()? };
    let span = asked.span(paper.at, SPAN_DAYS)?;
    let accounts = db::export::begin_batch(&mut tx, document.key(), &asked.filter, &named).await?;
    tx.commit().await?;
    let (sender, receiver) = mpsc::channel(WAITING);
    let at = paper.at;
    let writing = tokio::task::spawn_blocking(move || put_away(receiver, at, file));
    let made = stream::iter(accounts).map(|id| one(db, actor, (document, id, span), &paper)).buffered(AT_ONCE);
    let sent = made.try_for_each(|entry| async {
        if let Some(entry) = entry {
            // The thread has given up, and says why below.
            drop(sender.send(entry).await);
        }
        Ok(())
    });
    let sent = sent.await;
    drop(sender);
    let made = writing.await.context("writing the archive")?;
    sent?;
    made
}

type Entry = (String, Vec<u8>);

/// Returns the document of one account with the name of its file; nothing where the account was removed meanwhile.
async fn one(
    db: &Db,
    actor: &Actor,
    (document, id, span): (Document, AccountId, (Timestamp, Option<Timestamp>)),
    paper: &Paper,
) -> anyhow::Result<Option<Entry>> {
    let made = match document {
        Document::Health => health_of(db, actor, id, paper).await,
        Document::Review => review_of(db, actor, (id, span), paper).await,
    };
    match made {
        Ok((name, report)) => Ok(Some((name, rendered(report).await?))),
        Err(error) if paper::is_gone(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts documents into an archive as they come.
fn put_away(mut entries: mpsc::Receiver<Entry>, at: Timestamp, file: File) -> anyhow::Result<Made> {
    // Documents are compressed already; the moment in the archive is that of the documents, so that it is the same file
    // for the same data.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .last_modified_time(moment(at))
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(BufWriter::new(file));
    let (mut names, mut rows) = (HashSet::new(), 0);
    while let Some((name, bytes)) = entries.blocking_recv() {
        archive.start_file(unique(&name, &mut names), options)?;
        archive.write_all(&bytes)?;
        rows += 1;
    }
    finish(archive.finish()?, rows)
}

fn moment(at: Timestamp) -> zip::DateTime {
    let text = at.iso();
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse().ok()).unwrap_or_default();
    let small = |from: usize| u8::try_from(part(from, from + 2)).unwrap_or_default();
    zip::DateTime::from_date_and_time(part(0, 4), small(5), small(8), small(11), small(14), small(17))
        .unwrap_or_default()
}

/// Returns a name that no other file of the archive has.
fn unique(name: &str, names: &mut HashSet<String>) -> String {
    let stem = name.trim_end_matches(".pdf");
    let mut found = name.to_owned();
    let mut number = 2;
    while !names.insert(found.clone()) {
        found = format!("{stem}-{number}.pdf");
        number += 1;
    }
    found
}

/// Writes the reports of the accounts that a filter lets through into one file; names lead to the public address.
pub async fn make_reports(db: &Db, actor: &Actor, asked: &Asked, public: &str, file: File) -> anyhow::Result<Made> {
    let locale = asked.locale()?;
    let mut tx = db.write(actor).await?;
    let accounts = db::export::begin_reports(&mut tx, &asked.filter).await?;
    if accounts.is_empty() {
        let message = "No account is left to report on. Widen the filter.";
        return Err(db::Error::Refused(Refusal::field("filter", message)).into());
    }
    let at = tx.now();
    tx.commit().await?;
    let report = report(db, actor, &Wanted { accounts, at, public: public.to_owned(), locale }).await?;
    let rows = report.chapters.len() as u64;
    let mut file = BufWriter::new(file);
    file.write_all(&rendered(report).await?)?;
    finish(file, rows)
}

/// Writes the summary of the portfolio that a filter lets through into a file.
pub async fn make_summary(db: &Db, actor: &Actor, asked: &Asked, public: &str, file: File) -> anyhow::Result<Made> {
    let paper = Paper { at: db.clock().now(), public: public.to_owned(), locale: asked.locale()? };
    let (_, report) = paper::summary_of(db, actor, asked, &paper).await?;
    let mut file = BufWriter::new(file);
    file.write_all(&rendered(report).await?)?;
    finish(file, 1)
}

/// Makes the file of a report for a stranger, behind those that are being made.
pub async fn in_turn(report: Report) -> anyhow::Result<Vec<u8>> {
    let _room = ROOM.acquire().await?;
    rendered(report).await
}
