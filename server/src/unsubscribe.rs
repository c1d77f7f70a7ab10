//! The link at the foot of a mail: a page that asks once, and the one click of mail programs (RFC 8058).

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::notices::Channel;
use domain::refusal::Refusal;
use http::{HeaderName, StatusCode, header};
use serde::Deserialize;

use crate::pages::refusal_status;
use crate::state::AppState;

/// What the link carries.
#[derive(Debug, Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// Asks whether such mail should end: a program that only looks at links must not end anything.
pub async fn ask(State(state): State<AppState>, Query(link): Query<Link>) -> Response {
    match db::notices::unsubscribe(&state.db, &link.token, false).await {
        Ok(found) => {
            let action = format!("/unsubscribe?token={}", encode(&link.token));
            let form = format!(
                "<form method=\"post\" action=\"{action}\"><button class=\"button\" data-look=\"primary\" \
                 type=\"submit\">Yes, end it</button></form>"
            );
            page(StatusCode::OK, &format!("End {}?", words(found.channel)), &form)
        }
        Err(error) => refuse(error),
    }
}

/// Ends such mail for the person whom the link belongs to.
pub async fn act(State(state): State<AppState>, Query(link): Query<Link>) -> Response {
    match db::notices::unsubscribe(&state.db, &link.token, true).await {
        Ok(found) => {
            let more = "<p>You can have it back under Settings, Notifications.</p>\
                <a class=\"button\" href=\"/settings/notifications\">Open the settings</a>";
            page(StatusCode::OK, &format!("You get {} no more.", words(found.channel)), more)
        }
        Err(error) => refuse(error),
    }
}

fn words(channel: Channel) -> &'static str {
    match channel {
        Channel::DigestDaily => "the daily digest",
        Channel::DigestWeekly => "the weekly digest",
        Channel::InApp | Channel::Push | Channel::Email => "e-mails about single notifications",
    }
}

fn refuse(error: db::Error) -> Response {
    let refusal = match error {
        db::Error::Refused(refusal) => refusal,
        other => {
            tracing::error!(error = %other, "a link to unsubscribe could not be followed");
            let words = "Keepwell cannot reach its database. Try again in a moment.".to_owned();
            return page(StatusCode::SERVICE_UNAVAILABLE, &words, "");
        }
    };
    let status = match refusal {
        Refusal::Conflict(_) => StatusCode::NOT_FOUND,
        ref other => refusal_status(other),
    };
    page(status, &refusal.to_string(), "<a class=\"button\" href=\"/settings/notifications\">Sign in</a>")
}

/// A page of its own: whoever follows the link is not signed in, and nothing of the product is needed.
fn page(status: StatusCode, heading: &str, more: &str) -> Response {
    let heading = heading.replace('&', "&amp;").replace('<', "&lt;");
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>Keepwell</title><link rel=\"stylesheet\" href=\"/offline.css\"></head>\
         <body><main><h1>{heading}</h1>{more}</main></body></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        // The address is as good as a password for this one thing.
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    (status, headers, html).into_response()
}

fn encode(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')).collect()
}
