//! Files for the import: taken in whole, checked, and kept for their uploader only.

use app::session::token;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use domain::identity::Role;
use domain::import::FILE_BYTES_MAX;
use domain::import::decode::FileProblem;
use domain::refusal::Refusal;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::json;

use crate::pages::refusal_status;
use crate::state::AppState;
use crate::workbook;

/// Largest upload.
pub const BYTES_MAX: usize = FILE_BYTES_MAX;

/// What the address of an upload says.
#[derive(Debug, Deserialize)]
pub struct Named {
    name: Option<String>,
}

/// Takes in a file and answers with the id under which the import knows it.
pub async fn receive(State(state): State<AppState>, Query(named): Query<Named>, request: Request) -> Response {
    // Who asks is known before a byte of the file is taken in: strangers must not fill the memory.
    let actor = match actor(&state, request.headers()).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    if let Err(refusal) = actor.require(Role::Csm) {
        return refuse(&refusal);
    }
    let body = match Bytes::from_request(request, &state).await {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let message = FileProblem::TooLarge.to_string();
            return (StatusCode::PAYLOAD_TOO_LARGE, Json(json!({ "message": message }))).into_response();
        }
        Err(rejection) => return rejection.into_response(),
    };
    let name: String = named.name.unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect();
    let text = match tokio::task::spawn_blocking(move || workbook::to_text(body)).await {
        Ok(Ok(text)) => text,
        Ok(Err(refusal)) => return refuse(&refusal),
        Err(_) => {
            return refuse(&Refusal::Conflict("This file could not be read. Save it as CSV and try again.".to_owned()));
        }
    };
    match state.desk.store(&actor, &name, text.to_vec()).await {
        Ok(file) => Json(json!({ "file": file })).into_response(),
        Err(db::Error::Refused(refusal)) => refuse(&refusal),
        Err(error) => {
            tracing::error!(%error, "an upload could not be kept");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Hands back the rows of an import that had errors, as CSV.
pub async fn error_rows(State(state): State<AppState>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let actor = match actor(&state, &headers).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    let Ok(id) = id.parse() else { return StatusCode::NOT_FOUND.into_response() };
    match state.desk.error_rows(&actor, id).await {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"rows-with-errors.csv\""),
            ];
            (headers, text).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

pub(crate) async fn actor(state: &AppState, headers: &HeaderMap) -> Result<domain::identity::Actor, Response> {
    let signed_out = || refuse(&Refusal::SignedOut);
    let token = token(headers).ok_or_else(signed_out)?;
    db::sessions::whoami(&state.db, &token).await.map(|who| who.actor).map_err(|_| signed_out())
}

pub(crate) fn refuse(refusal: &Refusal) -> Response {
    let message = match refusal {
        Refusal::Invalid(fields) => fields.iter().map(|field| field.message.clone()).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    };
    (refusal_status(refusal), Json(json!({ "message": message }))).into_response()
}
