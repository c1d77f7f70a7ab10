//! Health reports as PDF: of one account over HTTP, of many accounts from the command line.

use std::fs::File;
use std::io::{BufWriter, Write};

use anyhow::Context;
use app::account::report::{Wanted, report};
use app::i18n::Locale;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use db::Db;
use domain::id::AccountId;
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::report::{Report, file_name};
use http::{HeaderMap, StatusCode, header};

use super::answer::{ROOM, is_elsewhere};
use super::{Made, finish};
use crate::pdf;
use crate::state::AppState;
use crate::uploads::{actor, refuse};

/// Answers with the report of an account as a file.
pub async fn of_account(State(state): State<AppState>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if is_elsewhere(&headers) {
        return refuse(&Refusal::Forbidden);
    }
    let actor = match actor(&state, &headers).await {
        Ok(actor) => actor,
        Err(response) => return response,
    };
    let Ok(id) = id.parse() else { return refuse(&Refusal::NotFound) };
    match one(&state, &actor, id).await {
        Ok((name, bytes)) => send(&name, bytes),
        Err(error) => match error.downcast_ref() {
            Some(db::Error::Refused(refusal)) => refuse(refusal),
            _ => {
                tracing::error!(error = format!("{error:#}"), "a report could not be made");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        },
    }
}

async fn one(state: &AppState, actor: &Actor, id: AccountId) -> anyhow::Result<(String, Vec<u8>)> {
    let _room = ROOM.acquire().await?;
    let mut tx = state.db.write(actor).await?;
    db::export::begin_report(&mut tx, id).await?;
    let at = tx.now();
    tx.commit().await?;
    let public = state.config.public_url.clone();
    let wanted = Wanted { accounts: vec![id], at, public, locale: Locale::default() };
    let report = report(&state.db, actor, &wanted).await?;
    let name = file_name(report.chapters.first().map_or("", |chapter| &chapter.name), at);
    Ok((name, rendered(report).await?))
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

/// Writes the reports of the accounts that a filter lets through into a file; names lead to the public address.
pub async fn make_reports(db: &Db, actor: &Actor, filter: &str, public: &str, file: File) -> anyhow::Result<Made> {
    let mut tx = db.write(actor).await?;
    let accounts = db::export::begin_reports(&mut tx, filter).await?;
    if accounts.is_empty() {
        let message = "No account is left to report on. Widen the filter.";
        return Err(db::Error::Refused(Refusal::field("filter", message)).into());
    }
    let at = tx.now();
    tx.commit().await?;
    let wanted = Wanted { accounts, at, public: public.to_owned(), locale: Locale::default() };
    let report = report(db, actor, &wanted).await?;
    let rows = report.chapters.len() as u64;
    let mut file = BufWriter::new(file);
    file.write_all(&rendered(report).await?)?;
    finish(file, rows)
}

/// Makes the file where it keeps nobody else waiting.
async fn rendered(report: Report) -> anyhow::Result<Vec<u8>> {
    let bytes = tokio::task::spawn_blocking(move || pdf::render(&report)).await.context("setting a report")?;
    Ok(bytes?)
}
