//! What a link shows: kept since it was made, or read now with its maker's eyes; as a page or as a file.

use anyhow::Context;
use app::i18n::Locale;
use app::reports::told_csv;
use app::shares::page::{self, Seen};
use axum::response::{IntoResponse, Response};
use db::shares::Opened;
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::report::{self, Report};
use domain::reports::{self, Answer};
use domain::shares::Shown;
use http::{StatusCode, header};

use super::admit::Visit;
use super::{html, private};
use crate::export;

/// The name of the file with a report's numbers.
const CSV: &str = "report.csv";
/// The name of the file with an account's health report.
const PDF: &str = "report.pdf";

/// What is shown.
enum Content {
    Numbers(Box<Answer>),
    Document(Box<Report>),
}

/// Returns the name under which a link's file is asked for.
pub(super) fn file_of(opened: &Opened) -> Option<&'static str> {
    Some(match opened.share.shown {
        Shown::Report { .. } => CSV,
        Shown::Account { .. } => PDF,
    })
}

/// Returns the page.
pub(super) async fn page(visit: &Visit, opened: &Opened) -> anyhow::Result<Response> {
    let (content, share) = (content(visit, opened).await?, &opened.share);
    let seen = Seen {
        name: share.name.clone(),
        maker: opened.maker.name.clone(),
        made: share.created_at,
        until: share.expires_at,
        at: if share.live { visit.state.db.clock().now() } else { share.created_at },
        live: share.live,
        file: file_of(opened).filter(|_| share.download).map(|file| format!("{}/{file}", visit.path())),
    };
    let text = match content {
        Content::Numbers(answer) => page::of_report(&visit.around(), &seen, &answer),
        Content::Document(report) => page::of_account(&visit.around(), &seen, &report),
    };
    Ok(html(StatusCode::OK, text))
}

/// Returns the file.
pub(super) async fn file(visit: &Visit, opened: &Opened) -> anyhow::Result<Response> {
    let share = &opened.share;
    let at = if share.live { visit.state.db.clock().now() } else { share.created_at };
    let (kind, name, bytes) = match content(visit, opened).await? {
        Content::Numbers(answer) => {
            let text = told_csv(&answer, Locale::default());
            ("text/csv; charset=utf-8", reports::file_name(at), text.into_bytes())
        }
        Content::Document(report) => {
            ("application/pdf", report::file_name("health-report", &share.name, at), export::in_turn(*report).await?)
        }
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        // The name is made of letters, digits and dashes, and needs no escaping.
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok(private((headers, bytes).into_response()))
}

async fn content(visit: &Visit, opened: &Opened) -> anyhow::Result<Content> {
    let (db, share) = (&visit.state.db, &opened.share);
    let maker = opened.actor().ok_or(db::Error::Refused(Refusal::Forbidden))?;
    if share.live {
        return Ok(match &share.shown {
            Shown::Report { spec } => {
                let answer = db::reports::answer(&mut db.read(&maker).await?, spec.clone()).await?;
                Content::Numbers(Box::new(answer))
            }
            Shown::Account { account_id } => {
                let public = &visit.state.config.public_url;
                Content::Document(Box::new(page::health_report(db, &maker, *account_id, public).await?))
            }
        });
    }
    let system = Actor::system(opened.workspace);
    let kept = db::shares::snapshot(&mut db.read(&system).await?, share.id).await?;
    let kept = kept.ok_or(db::Error::Refused(Refusal::NotFound))?;
    Ok(match share.shown {
        Shown::Report { .. } => Content::Numbers(serde_json::from_str(&kept).context("reading what a link keeps")?),
        Shown::Account { .. } => Content::Document(serde_json::from_str(&kept).context("reading what a link keeps")?),
    })
}
