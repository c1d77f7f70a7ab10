//! The page of a share link: whoever has the link is let in by it, and by its password where it has one.

mod admit;
mod show;

use app::shares::page::{self, Around, Locked, Nothing};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use db::shares::Opened;
use domain::refusal::Refusal;
use domain::shares::Outcome;
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;

use crate::state::AppState;
use admit::{Visit, admit};

/// What the page may do: nothing but be read. It runs no program, so that it needs no permission for any.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// What the form for the password sends.
#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    password: String,
}

/// Shows what a link shows, or asks for its password.
pub async fn look(State(state): State<AppState>, Path(token): Path<String>, parts: Parts) -> Response {
    let visit = Visit::new(&state, &parts, token);
    match admit(&visit).await {
        Ok(opened) => visit.answer(show::page(&visit, &opened).await, &opened, Outcome::Shown).await,
        Err(response) => *response,
    }
}

/// Hands over what a link shows as a file, where its maker allows it.
pub async fn take(
    State(state): State<AppState>,
    Path((token, file)): Path<(String, String)>,
    parts: Parts,
) -> Response {
    let visit = Visit::new(&state, &parts, token);
    match admit(&visit).await {
        Ok(opened) if opened.share.download && Some(file.as_str()) == show::file_of(&opened) => {
            visit.answer(show::file(&visit, &opened).await, &opened, Outcome::Taken).await
        }
        Ok(_) => visit.nothing(StatusCode::NOT_FOUND, Nothing::Gone),
        Err(response) => *response,
    }
}

/// Takes the password of a link; a right one counts for an hour in this browser.
pub async fn unlock(
    State(state): State<AppState>,
    Path(token): Path<String>,
    parts: Parts,
    Form(given): Form<Given>,
) -> Response {
    let visit = Visit::new(&state, &parts, token);
    let opened = match visit.opened().await {
        Ok(opened) => opened,
        Err(response) => return *response,
    };
    let (name, now) = (format!("share {}", opened.share.id), state.db.clock().now());
    if let Err(Refusal::TooMany(seconds)) = state.limiter.take(visit.address, &name, now) {
        visit.note(&opened, Outcome::WrongPassword).await;
        return visit.ask(StatusCode::TOO_MANY_REQUESTS, Locked::Wait(seconds));
    }
    match db::shares::check_password(&opened, &given.password).await {
        Ok(true) => {
            state.limiter.give_back(visit.address, &name);
            visit.let_in(&opened)
        }
        Ok(false) => {
            visit.note(&opened, Outcome::WrongPassword).await;
            visit.ask(StatusCode::FORBIDDEN, Locked::Wrong)
        }
        Err(error) => visit.failed(&error),
    }
}

impl Visit {
    fn around(&self) -> Around {
        Around { options: self.state.leptos.clone(), locale: Default::default() }
    }

    /// Writes down that somebody was let in, and answers.
    async fn answer(&self, made: anyhow::Result<Response>, opened: &Opened, outcome: Outcome) -> Response {
        match made {
            Ok(response) => {
                self.note(opened, outcome).await;
                response
            }
            // What was shared may be gone since: an account that was deleted, a field that a filter names.
            Err(error) if matches!(error.downcast_ref(), Some(db::Error::Refused(_))) => {
                self.note(opened, Outcome::Denied).await;
                self.nothing(StatusCode::FORBIDDEN, Nothing::Denied)
            }
            Err(error) => self.failed(&format!("{error:#}")),
        }
    }

    fn nothing(&self, status: StatusCode, why: Nothing) -> Response {
        html(status, page::nothing(&self.around(), why))
    }

    fn ask(&self, status: StatusCode, locked: Locked) -> Response {
        html(status, page::ask(&self.around(), &self.path(), locked))
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> Response {
        tracing::error!(%error, "a share link could not be followed");
        self.nothing(StatusCode::SERVICE_UNAVAILABLE, Nothing::Failed)
    }

    /// Leads back to the page with what proves that the password was given.
    fn let_in(&self, opened: &Opened) -> Response {
        let grant = db::shares::grant(opened, self.state.db.clock().now());
        let secure = if self.state.config.is_secure() { "; Secure" } else { "" };
        let path = self.path();
        let cookie = format!("{}={grant}; Path={path}; HttpOnly; SameSite=Lax; Max-Age=3600{secure}", admit::COOKIE);
        private((StatusCode::SEE_OTHER, [(header::LOCATION, path), (header::SET_COOKIE, cookie)]).into_response())
    }
}

fn html(status: StatusCode, text: String) -> Response {
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    private(response)
}

/// Adds what keeps an address that is as good as a password from being kept or told further.
fn private(mut response: Response) -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
