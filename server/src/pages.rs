//! The Leptos pages and server functions: who asks, what they are given, and their content policy.

use app::error::Error;
use app::session::{Peer, Settings, load_boot};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::refusal::Refusal;
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;

use crate::state::AppState;
use crate::{client, security};

/// Pages that are there for people who have not signed in.
const OPEN: [&str; 2] = ["/sign-in", "/setup"];

/// Finds out who asks for a page; sends strangers to the sign-in, and the first visitor to the setup.
pub async fn know_visitor(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let boot = match load_boot(&state.db, request.headers()).await {
        Ok(boot) => boot,
        Err(error) => return unavailable(&error),
    };
    if boot.me.is_none() && !OPEN.contains(&path.as_str()) {
        return match db::identity::has_users(&state.db).await {
            Ok(true) => Redirect::to(&sign_in_url(request.uri())).into_response(),
            Ok(false) => Redirect::to("/setup").into_response(),
            Err(error) => unavailable(&error),
        };
    }
    request.extensions_mut().insert(boot);
    next.run(request).await
}

fn sign_in_url(uri: &http::Uri) -> String {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    if target == "/" {
        return "/sign-in".to_owned();
    }
    let encoded: String = target
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("/sign-in?next={encoded}")
}

fn unavailable(error: &dyn std::fmt::Display) -> Response {
    tracing::error!(%error, "page could not be prepared");
    (StatusCode::SERVICE_UNAVAILABLE, "Keepwell cannot reach its database. Try again in a moment.").into_response()
}

/// Provides what pages and server functions need, from the state and the request.
pub fn provide(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let state = state.clone();
    move || {
        provide_context(state.db.clone());
        provide_context(state.desk.clone());
        provide_context(state.limiter.clone());
        provide_context(Settings {
            secure: state.config.is_secure(),
            uploads: state.config.uploads.clone(),
            mail_from: state.config.mail.as_ref().map(|mail| mail.from.clone()),
            public_url: state.config.public_url.clone(),
        });
        let Some(parts) = use_context::<http::request::Parts>() else { return };
        if let Some(address) = client::address(&parts, &state.config.trusted_proxies) {
            provide_context(Peer(address));
        }
        if let Some(boot) = parts.extensions.get::<app::boot::Boot>() {
            provide_context(boot.clone());
        }
        let (Some(nonce), Some(response)) = (leptos::nonce::use_nonce(), use_context::<leptos_axum::ResponseOptions>())
        else {
            return;
        };
        if let Ok(policy) = HeaderValue::from_str(&security::page_csp(Some(&nonce))) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// Answers a server function.
pub async fn server_function(State(state): State<AppState>, request: Request<Body>) -> Response {
    let response = leptos_axum::handle_server_fns_with_context(provide(&state), request).await.into_response();
    let mut response = say_status(response).await;
    // Data needs no page policy; the layer sets the one for data.
    response.headers_mut().remove(header::CONTENT_SECURITY_POLICY);
    response
}

/// Gives a refusal the status that tells what it is: what was not let in is no failure of the server.
async fn say_status(response: Response) -> Response {
    /// Longest error that is looked into.
    const ERROR_BYTES_MAX: usize = 64 * 1024;
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, ERROR_BYTES_MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Ok(Error::Refused(refusal)) = serde_json::from_slice(&bytes) {
        parts.status = refusal_status(&refusal);
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Returns the HTTP status of a refusal.
pub fn refusal_status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::SignedOut => StatusCode::UNAUTHORIZED,
        Refusal::Forbidden => StatusCode::FORBIDDEN,
        Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Conflict(_) => StatusCode::CONFLICT,
        Refusal::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
    }
}
