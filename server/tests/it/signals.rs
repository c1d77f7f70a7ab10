//! Looks at feeds and websites from end to end: a server on this machine, the egress client, and what is remembered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use db::signals;
use domain::id::AccountId;
use domain::identity::Role;
use domain::signals::Tone;
use domain::signals::feeds::{FeedKind, NewFeed, Outcome};
use domain::signals::trouble::Trouble;
use domain::signals::website::{Finding, Verdict};
use server::egress::{Allow, Egress, Settings};
use server::tasks::signals::look;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::app::{Person, TestApp};

const RSS: &str = "<rss version=\"2.0\"><channel><title>The Paper</title><item><title>Acme lays off 200 employees</title>\
    <guid>one</guid></item><item><title>Acme raises $20m in series B</title><guid>two</guid></item></channel></rss>";

/// A paper that says a feed with a tag, that nothing has changed to whoever knows the tag, and pages of any other path.
async fn paper() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let unchanged = Arc::new(AtomicUsize::new(0));
    let counted = unchanged.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 4_096];
            let length = stream.read(&mut bytes).await.unwrap_or(0);
            let asked = String::from_utf8_lossy(&bytes[..length]).to_lowercase();
            let answer = if asked.starts_with("get /feed") && asked.contains("if-none-match: \"v1\"") {
                counted.fetch_add(1, Ordering::SeqCst);
                "HTTP/1.1 304 Not Modified\r\n\r\n".to_owned()
            } else if asked.starts_with("get /feed") {
                format!("HTTP/1.1 200 OK\r\netag: \"v1\"\r\ncontent-length: {}\r\n\r\n{RSS}", RSS.len())
            } else if asked.starts_with("get /page") {
                let page = "<title>Acme works</title>";
                format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{page}", page.len())
            } else {
                "HTTP/1.1 503 No\r\nretry-after: 7200\r\ncontent-length: 0\r\n\r\n".to_owned()
            };
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, unchanged)
}

fn egress(allow: &str) -> Egress {
    let settings = Settings { allow: Allow::parse(allow).unwrap(), pause: Duration::ZERO, ..Settings::default() };
    Egress::new(settings).unwrap()
}

async fn watch(app: &TestApp, person: &Person, account: AccountId, url: String) {
    let mut tx = app.db.write(&person.actor).await.unwrap();
    let feed =
        NewFeed { kind: FeedKind::Account, name: url.clone(), url, account_id: Some(account), every_minutes: 60 };
    signals::add_feed(&mut tx, feed).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_feed_is_fetched_read_and_asked_for_changes_only() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let acme = app.account("Acme", |_| {}).await;
    let (address, unchanged) = paper().await;
    watch(&app, &sam, acme, format!("http://{address}/feed")).await;
    let egress = egress(&address);
    assert_eq!(look(&app.db, &egress).await.unwrap(), 1);
    let mut tx = app.db.read(&sam.actor).await.unwrap();
    let tones: Vec<Tone> = signals::headlines(&mut tx, acme, 9).await.unwrap().iter().map(|one| one.tone()).collect();
    assert!(tones.contains(&Tone::Negative) && tones.contains(&Tone::Positive), "{tones:?}");
    drop(tx);
    assert_eq!(look(&app.db, &egress).await.unwrap(), 0, "not due again");
    app.clock.advance(2 * 3_600_000);
    assert_eq!(look(&app.db, &egress).await.unwrap(), 1);
    assert_eq!(unchanged.load(Ordering::SeqCst), 1, "the tag was sent");
    let feeds = signals::feeds(&mut app.db.read(&sam.actor).await.unwrap()).await.unwrap();
    assert_eq!(feeds[0].feed.last.as_ref().unwrap().outcome, Outcome::Unchanged);
}

#[tokio::test]
async fn what_may_not_be_reached_and_what_fails_is_noted_and_waits() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let acme = app.account("Acme", |_| {}).await;
    let (address, _) = paper().await;
    watch(&app, &sam, acme, format!("http://{address}/else")).await;
    look(&app.db, &egress("")).await.unwrap();
    let feed = |app: &TestApp| {
        let (db, actor) = (app.db.clone(), sam.actor.clone());
        async move { signals::feeds(&mut db.read(&actor).await.unwrap()).await.unwrap().remove(0).feed }
    };
    let failed = feed(&app).await;
    assert_eq!(failed.last.unwrap().outcome, Outcome::Failed(Trouble::Unreachable));
    app.clock.advance(3 * 3_600_000);
    look(&app.db, &egress(&address)).await.unwrap();
    let failed = feed(&app).await;
    assert_eq!((failed.last.unwrap().outcome, failed.failures), (Outcome::Failed(Trouble::Status(503)), 2));
    assert!(failed.next_at.0 >= app.clock.now().0 + 7_200_000, "the server wants two hours");
}

#[tokio::test]
async fn a_website_is_looked_at_and_judged() {
    let app = TestApp::start().await;
    let sam = app.signed_in_as("Sam", Role::Csm).await;
    let acme = app.account("Acme", |_| {}).await;
    let (address, _) = paper().await;
    let watched = |path: &'static str| {
        let (db, actor, address) = (app.db.clone(), sam.actor.clone(), address.clone());
        async move {
            let mut tx = db.write(&actor).await.unwrap();
            signals::watch_website(&mut tx, acme, &format!("http://{address}/{path}")).await.unwrap();
            tx.commit().await.unwrap();
            look(&db, &egress(&address)).await.unwrap();
            signals::website(&mut db.read(&actor).await.unwrap(), acme).await.unwrap().unwrap()
        }
    };
    let site = watched("page").await;
    assert_eq!((site.verdict, &site.findings[..]), (Some(Verdict::Warning), &[Finding::Unencrypted][..]));
    assert_eq!(site.last.unwrap().title.as_deref(), Some("Acme works"));
    let site = watched("gone").await;
    assert!(site.findings.contains(&Finding::Status(503)), "{:?}", site.findings);
}
