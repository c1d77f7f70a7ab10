//! Exports over HTTP: `GET` for programs, `POST` for the form of our own page, which may name many accounts.

use std::fs::File;
use std::str::FromStr;

use axum::Form;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::alerts::Priority;
use domain::export::{Format, Only, Request, What, file_name};
use domain::refusal::Refusal;
use domain::reports::{Keyed, State as Which};
use domain::time::Timestamp;
use futures::stream;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use tokio::sync::Semaphore;

use super::{Made, make};
use crate::state::AppState;
use crate::uploads::{actor, refuse};

/// Files that are made at the same time; others wait their turn.
const AT_ONCE: usize = 2;
/// Bytes that are read from the file together.
const PART_BYTES: usize = 64 * 1024;

pub(super) static ROOM: Semaphore = Semaphore::const_new(AT_ONCE);

/// What is asked for; lists are separated by commas.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    format: Option<String>,
    #[serde(default)]
    filter: String,
    #[serde(default)]
    columns: String,
    #[serde(default)]
    accounts: String,
    /// Which of the alerts or tasks.
    #[serde(default)]
    state: String,
    /// What a list of alerts or tasks is narrowed to.
    #[serde(default)]
    person: String,
    #[serde(default)]
    priority: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    search: String,
    /// The first and the last day, such as 2026-11-21.
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    /// Whether CSV begins with the mark that Excel needs.
    #[serde(default)]
    excel: bool,
}

/// Answers a program with a file.
pub async fn from_address(
    state: State<AppState>,
    Path(what): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    if is_elsewhere(&headers) {
        return refuse(&Refusal::Forbidden);
    }
    answer(state, &what, asked, headers).await
}

/// An address can be called by any page; none but ours may have files made with somebody's cookie.
pub(super) fn is_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

/// Answers the form of our own page with a file.
pub async fn from_form(
    state: State<AppState>,
    Path(what): Path<String>,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Response {
    answer(state, &what, asked, headers).await
}

async fn answer(State(state): State<AppState>, what: &str, asked: Asked, headers: HeaderMap) -> Response {
    let actor = match actor(&state, &headers).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    let request = match request(what, &asked) {
        Ok(request) => request,
        Err(refusal) => return refuse(&refusal),
    };
    let made = async {
        let _room = ROOM.acquire().await?;
        let file = tempfile::tempfile()?;
        make(&state.db, &actor, &request, asked.excel, file).await
    };
    match made.await {
        Ok(made) => send(made, request.format, &file_name(request.what, request.format, state.db.clock().now())),
        Err(error) => match error.downcast_ref() {
            Some(db::Error::Refused(refusal)) => refuse(refusal),
            _ => {
                tracing::error!(error = format!("{error:#}"), "an export could not be made");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        },
    }
}

fn request(what: &str, asked: &Asked) -> Result<Request, Refusal> {
    let what = What::from_key(what).ok_or(Refusal::NotFound)?;
    let format = asked.format.as_deref().map_or(Some(Format::default()), Format::from_key);
    let format = format.ok_or_else(|| Refusal::field("format", "Choose csv, json, xlsx or pdf."))?;
    let words =
        |text: &str| text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let accounts: Vec<String> = words(&asked.accounts);
    Ok(Request {
        what,
        format,
        state: state(what, &asked.state)?,
        only: Only {
            person: chosen(&asked.person)?,
            priority: priority(&asked.priority)?,
            rule: chosen(&asked.rule)?,
            search: asked.search.clone(),
        },
        filter: asked.filter.clone(),
        accounts: accounts.iter().map(|id| id.parse().map_err(|_| Refusal::NotFound)).collect::<Result<_, _>>()?,
        from: day("from", &asked.from)?,
        to: day("to", &asked.to)?,
        columns: words(&asked.columns),
    })
}

/// Returns the state with a word; without a word all.
pub(crate) fn state(what: What, word: &str) -> Result<Which, Refusal> {
    let known = what.states();
    let found = known.iter().find(|state| state.key() == word || (word.is_empty() && **state == Which::All));
    found.copied().ok_or_else(|| {
        let words: Vec<&str> = known.iter().map(|state| state.key()).collect();
        Refusal::field(
            "state",
            format!("“{word}” is not a state of {}. Choose one of: {}.", what.key(), words.join(", ")),
        )
    })
}

/// Returns a day such as 2026-11-21; nothing for an empty text.
pub(crate) fn day(field: &str, text: &str) -> Result<Option<Timestamp>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.parse().map(Timestamp::from_date);
    day.map(Some).map_err(|_| Refusal::field(field, "Write the day as year, month and day, such as 2026-11-21."))
}

fn chosen<T: FromStr>(text: &str) -> Result<Option<T>, Refusal> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| Refusal::NotFound) }
}

fn priority(word: &str) -> Result<Option<Priority>, Refusal> {
    if word.is_empty() {
        return Ok(None);
    }
    let words = Priority::ALL.map(Priority::key).join(", ");
    Priority::from_key(word).map(Some).ok_or_else(|| Refusal::field("priority", format!("Choose one of: {words}.")))
}

pub(super) fn send(made: Made, format: Format, name: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, format.mime().to_owned()),
        // The name is made of a word and a day, and needs no escaping.
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CONTENT_LENGTH, made.bytes.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, Body::from_stream(parts(made.file, made.bytes))).into_response()
}

/// Reads so many bytes of a file part by part, as fast as the other side takes them.
pub(super) fn parts(file: File, bytes: u64) -> impl stream::Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(tokio::fs::File::from_std(file).take(bytes), |mut file| async move {
        let mut part = vec![0; PART_BYTES];
        let read = file.read(&mut part).await?;
        part.truncate(read);
        Ok((read > 0).then(|| (Bytes::from(part), file)))
    })
}
