//! The explanation of a score for programs: what the page of an account shows, as JSON.

use app::account::told::{day, tell};
use app::i18n::Locale;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::refusal::Refusal;
use domain::time::Timestamp;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::state::AppState;
use crate::uploads::{actor, refuse};

/// What the address asks for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    since: Option<String>,
    as_of: Option<String>,
}

/// Answers with the score of an account, the steps that add up to it, and why it moved since a day.
pub async fn score(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let actor = match actor(&state, &headers).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    let Ok(id) = id.parse() else { return refuse(&Refusal::NotFound) };
    let days = read("since", asked.since).and_then(|since| Ok((since, read("as_of", asked.as_of)?)));
    let (since, as_of) = match days {
        Ok(days) => days,
        Err(refusal) => return refuse(&refusal),
    };
    // As on the pages, a day that is over stands for its end.
    let at = as_of.map(|day| day.plus_days(1)).filter(|end| *end < state.db.clock().now());
    match tell(&state.db, &actor, id, (since, at), Locale::default()).await {
        Ok(told) => Json(told).into_response(),
        Err(db::Error::Refused(refusal)) => refuse(&refusal),
        Err(error) => {
            tracing::error!(%error, "a score could not be explained");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn read(name: &str, text: Option<String>) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let refusal = || Refusal::field(name, "Write the day as 2026-03-01.");
    day(&text).map(Some).ok_or_else(refusal)
}
