//! Looks at feeds and websites that are due, a few at a time, through the egress client.
//!
//! A feed or a website says itself when it is due. Whoever takes it moves that on, so a look whose process ends comes
//! again; a failure makes the wait longer and stands in the list of the last looks.

use std::time::Duration;

use axum::body::Bytes;
use db::Db;
use db::signals::{Fetched, TakenFeed};
use domain::id::WorkspaceId;
use domain::identity::Actor;
use domain::signals::feeds::{Outcome, Run};
use domain::signals::parse::{BYTES_MAX, parse};
use domain::signals::trouble::Trouble;
use domain::signals::website::{Check, Website, title_of};
use domain::time::Timestamp;
use http::header::{ACCEPT, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER};
use http::{HeaderMap, HeaderName, Request, StatusCode};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::egress::{Answer, Egress, Failure, Limits, Over, Way};

/// How often it is looked whether something is due.
const REST: Duration = Duration::from_secs(1);
/// Feeds and websites of a workspace that are taken at once.
const TAKEN_MAX: i64 = 10;
/// How much of a website's page is read: its title stands near the beginning.
const PAGE_BYTES_MAX: usize = 64 * 1_024;
/// How often a feed or a website may be sent on.
const REDIRECTS_MAX: usize = 5;

/// Works until `stop` turns true.
pub(super) async fn watch(db: Db, egress: Egress, mut stop: watch::Receiver<bool>) {
    let mut rest = interval(REST);
    rest.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = rest.tick() => {}
            _ = stop.changed() => return,
        }
        if let Err(error) = look(&db, &egress).await {
            tracing::error!(%error, "feeds and websites could not be looked at; trying again");
        }
    }
}

/// Looks once at everything that is due in every workspace and returns how much that was.
pub async fn look(db: &Db, egress: &Egress) -> db::Result<usize> {
    let mut looks = JoinSet::new();
    for workspace in db::identity::workspaces(db).await? {
        let actor = Actor::system(workspace);
        if !db::signals::is_due(&mut db.read(&actor).await?).await? {
            continue;
        }
        let mut tx = db.write(&actor).await?;
        let feeds = db::signals::take_due_feeds(&mut tx, TAKEN_MAX).await?;
        let websites = db::signals::take_due_websites(&mut tx, TAKEN_MAX).await?;
        tx.commit().await?;
        for taken in feeds {
            looks.spawn(look_at_feed(db.clone(), egress.clone(), workspace, taken));
        }
        for website in websites {
            looks.spawn(look_at_website(db.clone(), egress.clone(), workspace, website));
        }
    }
    let mut looked = 0;
    while let Some(done) = looks.join_next().await {
        looked += 1;
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "a look could not be noted; it comes again"),
            Err(error) => tracing::error!(%error, "a look ended early; it comes again"),
        }
    }
    Ok(looked)
}

async fn look_at_feed(db: Db, egress: Egress, workspace: WorkspaceId, taken: TakenFeed) -> db::Result<()> {
    let (actor, feed, at) = (Actor::system(workspace), taken.feed().clone(), db.clock().now());
    let limits = Limits { body_bytes: BYTES_MAX, redirects: REDIRECTS_MAX, ..Limits::default() };
    let answer = match request(&feed.url, &taken) {
        Ok(request) => egress.send(workspace, request, &limits).await,
        Err(trouble) => Err(Failure { trouble, way: Way::default() }),
    };
    let took = match &answer {
        Ok(answer) => answer.way.took,
        Err(failure) => failure.way.took,
    };
    let headers = answer.as_ref().map(|answer| answer.headers.clone()).unwrap_or_default();
    let parsed = match answer {
        Err(failure) => Err(failure.trouble),
        Ok(answer) if answer.status == StatusCode::NOT_MODIFIED => Ok(None),
        Ok(answer) if !answer.status.is_success() => Err(Trouble::Status(answer.status.as_u16())),
        // Reading a hostile feed may take a while, and a deep one a large stack: not among the requests.
        Ok(answer) => read(answer.body, feed.url.clone()).await.map(Some),
    };
    let mut tx = db.write(&actor).await?;
    let outcome = match parsed {
        Err(trouble) => Outcome::Failed(trouble),
        Ok(None) => Outcome::Unchanged,
        Ok(Some(parsed)) => {
            let entries = u32::try_from(parsed.entries.len()).unwrap_or(u32::MAX);
            Outcome::Read { entries, new: db::signals::ingest(&mut tx, &feed, &parsed).await? }
        }
    };
    let failed = matches!(outcome, Outcome::Failed(_));
    let run = Run { at, took_ms: millis(took), outcome };
    db::signals::note_run(&mut tx, feed.id, run, fetched(&headers, failed)).await?;
    tx.commit().await?;
    Ok(())
}

async fn read(body: Bytes, url: String) -> Result<domain::signals::parse::Parsed, Trouble> {
    tokio::task::spawn_blocking(move || parse(&body, &url)).await.unwrap_or(Err(Trouble::NotAFeed))
}

/// Returns the request for a feed, which says what is known already.
fn request(url: &str, taken: &TakenFeed) -> Result<Request<Bytes>, Trouble> {
    let mut request = Request::get(url).header(
        ACCEPT,
        "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    );
    for (name, value) in [(IF_NONE_MATCH, &taken.etag), (IF_MODIFIED_SINCE, &taken.modified)] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    request.body(Bytes::new()).map_err(|_| Trouble::Unreachable)
}

fn fetched(headers: &HeaderMap, failed: bool) -> Fetched {
    /// Longest tag that is kept.
    const TAG_CHARS_MAX: usize = 300;
    let text = |name: HeaderName| {
        let value = headers.get(name)?.to_str().ok()?;
        (value.len() <= TAG_CHARS_MAX).then(|| value.to_owned())
    };
    // A date in place of the seconds is rare, and the longer wait after a failure is enough then.
    let seconds = text(RETRY_AFTER).and_then(|wait| wait.trim().parse::<i64>().ok()).unwrap_or(0);
    Fetched {
        etag: text(ETAG).filter(|_| !failed),
        modified: text(LAST_MODIFIED).filter(|_| !failed),
        wait_ms: seconds.saturating_mul(1_000),
    }
}

async fn look_at_website(db: Db, egress: Egress, workspace: WorkspaceId, website: Website) -> db::Result<()> {
    let at = db.clock().now();
    let limits = Limits { body_bytes: PAGE_BYTES_MAX, over: Over::Cut, redirects: REDIRECTS_MAX, ..Limits::default() };
    let answer = match Request::get(&website.url).header(ACCEPT, "text/html, */*;q=0.5").body(Bytes::new()) {
        Ok(request) => egress.send(workspace, request, &limits).await,
        Err(_) => Err(Failure { trouble: Trouble::Unreachable, way: Way::default() }),
    };
    let mut tx = db.write(&Actor::system(workspace)).await?;
    db::signals::note_check(&mut tx, website.account_id, check(at, answer)).await?;
    tx.commit().await?;
    Ok(())
}

fn check(at: Timestamp, answer: Result<Answer, Failure>) -> Check {
    let (way, status, title, trouble) = match answer {
        Ok(answer) => {
            let title = title_of(&String::from_utf8_lossy(&answer.body));
            (answer.way, Some(answer.status.as_u16()), title, None)
        }
        Err(failure) => (failure.way, None, None, Some(failure.trouble)),
    };
    Check {
        at,
        took_ms: millis(way.took),
        status,
        tls_expires_at: way.certificate.map(|certificate| certificate.expires_at),
        hops: way.hops,
        title,
        trouble,
    }
}

fn millis(took: Duration) -> u32 {
    u32::try_from(took.as_millis()).unwrap_or(u32::MAX)
}
