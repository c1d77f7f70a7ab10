//! Documents as PDF over HTTP: of one account, of a portfolio, and of a report that somebody built.

use anyhow::Context;
use app::account::report::review::{self, SPAN_DAYS};
use app::account::report::{Wanted, report};
use app::i18n::Locale;
use app::paper::pen::Paper;
use app::paper::{language, summary};
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::{IntoResponse, Response};
use db::Db;
use domain::id::AccountId;
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::report::{Report, file_name};
use domain::time::Timestamp;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;

use super::answer::{ROOM, is_elsewhere};
use crate::pdf;
use crate::state::AppState;
use crate::uploads::{actor, refuse};

/// A document and the name of its file.
type Named = (String, Report);

/// What is asked of a document; what does not matter to it is left alone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
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

impl Asked {
    /// Returns the language, or refuses one that documents are not in.
    pub fn locale(&self) -> Result<Locale, Refusal> {
        let refusal = || Refusal::field("language", "Choose en, de or ar.");
        language(&self.language).ok_or_else(refusal)
    }

    /// Returns the first moment, the end of the first day, and the last one, none for now.
    pub fn span(&self, now: Timestamp, days: i64) -> Result<(Timestamp, Option<Timestamp>), Refusal> {
        let end = |day: Timestamp| Timestamp(day.plus_days(1).0 - 1);
        let to = day("to", &self.to)?.filter(|day| *day < now.day_start()).map(end);
        let shown = to.unwrap_or(now);
        let from = day("from", &self.from)?.map_or_else(|| shown.plus_days(-days), end);
        if from >= shown {
            return Err(Refusal::field("from", "Choose a first day before the last one."));
        }
        Ok((from, to))
    }
}

fn day(field: &str, text: &str) -> Result<Option<Timestamp>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = text.parse().ok().map(Timestamp::from_date);
    read.map(Some).ok_or_else(|| Refusal::field(field, "Write a day such as 2026-11-21."))
}

/// Answers with the health report of an account.
pub async fn health(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    answered(&state, &headers, async |actor| {
        let (id, paper) = (account(&id)?, begun(&state, &asked)?);
        let mut tx = state.db.write(actor).await?;
        db::export::begin_document(&mut tx, id, "health").await?;
        let at = tx.now();
        tx.commit().await?;
        health_of(&state.db, actor, id, &Paper { at, ..paper }).await
    })
    .await
}

/// Answers with the review pack of an account.
pub async fn review(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    answered(&state, &headers, async |actor| {
        let (id, paper) = (account(&id)?, begun(&state, &asked)?);
        let span = asked.span(paper.at, SPAN_DAYS)?;
        let mut tx = state.db.write(actor).await?;
        db::export::begin_document(&mut tx, id, "review").await?;
        tx.commit().await?;
        review_of(&state.db, actor, (id, span), &paper).await
    })
    .await
}

/// Answers with the summary of a portfolio.
pub async fn summary(State(state): State<AppState>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    answered(&state, &headers, async |actor| {
        let paper = begun(&state, &asked)?;
        summary_of(&state.db, actor, &asked, &paper).await
    })
    .await
}

/// Answers with the report that the query of the page of reports asks for.
pub async fn built(State(state): State<AppState>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    answered(&state, &headers, async |actor| {
        let query = query.unwrap_or_default();
        let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        let (languages, asked): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| name == "language");
        let language = languages.into_iter().next().map(|(_, tag)| tag).unwrap_or_default();
        let paper = begun(&state, &Asked { language, ..Asked::default() })?;
        let report = app::reports::paper::document(&state.db, actor, asked, &paper).await?;
        Ok((app::reports::paper::file_name(paper.at), report))
    })
    .await
}

fn account(id: &str) -> Result<AccountId, db::Error> {
    id.parse().map_err(|_| Refusal::NotFound.into())
}

fn begun(state: &AppState, asked: &Asked) -> Result<Paper, db::Error> {
    let (at, public) = (state.db.clock().now(), state.config.public_url.clone());
    Ok(Paper { at, public, locale: asked.locale()? })
}

/// Returns the health report of an account with the name of its file.
pub async fn health_of(db: &Db, actor: &Actor, id: AccountId, paper: &Paper) -> anyhow::Result<Named> {
    let Paper { at, public, locale } = paper.clone();
    let report = report(db, actor, &Wanted { accounts: vec![id], at, public, locale }).await?;
    Ok((file_name("health-report", chapter(&report), at), report))
}

/// Returns the review pack of an account with the name of its file.
pub async fn review_of(
    db: &Db,
    actor: &Actor,
    (account, (from, to)): (AccountId, (Timestamp, Option<Timestamp>)),
    paper: &Paper,
) -> anyhow::Result<Named> {
    let report = review::review(db, actor, &review::Asked { account, from, to }, paper).await?;
    // The title ends with the name of the account.
    let name = report.title.split_once(": ").map_or("", |(_, name)| name).to_owned();
    Ok((file_name("review", &name, to.unwrap_or(paper.at)), report))
}

/// Returns the summary of a portfolio with the name of its file, and notes in the log who takes it.
pub async fn summary_of(db: &Db, actor: &Actor, asked: &Asked, paper: &Paper) -> anyhow::Result<Named> {
    let (from, to) = asked.span(paper.at, SPAN_DAYS)?;
    let mut tx = db.write(actor).await?;
    db::export::begin_summary(&mut tx, "summary", &asked.filter).await?;
    tx.commit().await?;
    let wanted = summary::Asked { filter: asked.filter.clone(), from, to };
    let report = summary::summary(db, actor, &wanted, paper).await?;
    Ok((file_name("executive-summary", "", to.unwrap_or(paper.at)), report))
}

fn chapter(report: &Report) -> &str {
    report.chapters.first().map_or("", |chapter| &chapter.name)
}

/// Has a document made for whoever asks, and sends it.
async fn answered(
    state: &AppState,
    headers: &HeaderMap,
    make: impl AsyncFnOnce(&Actor) -> anyhow::Result<Named>,
) -> Response {
    if is_elsewhere(headers) {
        return refuse(&Refusal::Forbidden);
    }
    let actor = match actor(state, headers).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    let made = async {
        let _room = ROOM.acquire().await?;
        let (name, report) = make(&actor).await?;
        anyhow::Ok((name, rendered(report).await?))
    };
    match made.await {
        Ok((name, bytes)) => send(&name, bytes),
        Err(error) => failed(&error),
    }
}

/// Returns whether a document could not be made because what it is about is no more.
pub(super) fn is_gone(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(db::Error::Refused(Refusal::NotFound)))
}

/// Says why a document could not be made.
pub(super) fn failed(error: &anyhow::Error) -> Response {
    match (error.downcast_ref(), error.downcast_ref::<Refusal>()) {
        (Some(db::Error::Refused(refusal)), _) | (_, Some(refusal)) => refuse(refusal),
        _ => {
            tracing::error!(error = format!("{error:#}"), "a document could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn send(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        // The name is made of letters, digits and dashes, and needs no escaping.
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// Makes the file where it keeps nobody else waiting.
pub(crate) async fn rendered(report: Report) -> anyhow::Result<Vec<u8>> {
    let bytes = tokio::task::spawn_blocking(move || pdf::render(&report)).await.context("setting a document")?;
    Ok(bytes?)
}
