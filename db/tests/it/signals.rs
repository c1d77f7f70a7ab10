//! Feeds, headlines and websites: what is taken in, who may change what, and what the scorer makes of it.

use db::signals::{self, Fetched};
use db::{health, log};
use domain::changes::Change;
use domain::fields::Subject;
use domain::health::{FactValue, keys};
use domain::id::{AccountId, FeedId};
use domain::identity::Actor;
use domain::refusal::Refusal;
use domain::signals::feeds::{Feed, FeedKind, NewFeed, Outcome, Run};
use domain::signals::parse::{Entry, Parsed};
use domain::signals::trouble::Trouble;
use domain::signals::website::{Check, Verdict};
use domain::signals::{Correction, Event, Matched, Signal, Tone};
use domain::time::{DAY_MS, Timestamp};

use crate::support::{self, NOW, TestDb};

const MINUTE_MS: i64 = 60_000;

fn new(kind: FeedKind, name: &str, account_id: Option<AccountId>) -> NewFeed {
    NewFeed { kind, name: name.into(), url: format!("https://{name}.example/rss"), account_id, every_minutes: 60 }
}

async fn add(t: &TestDb, actor: &Actor, feed: NewFeed) -> db::Result<FeedId> {
    let mut tx = t.write(actor).await;
    let id = signals::add_feed(&mut tx, feed).await?;
    tx.commit().await?;
    Ok(id)
}

async fn feed(t: &TestDb, id: FeedId) -> Feed {
    let feeds = signals::feeds(&mut t.read(&t.viewer).await).await.unwrap();
    feeds.into_iter().map(|watched| watched.feed).find(|feed| feed.id == id).unwrap()
}

fn entry(title: &str) -> Entry {
    let id = title.to_lowercase();
    Entry { id, title: title.into(), summary: String::new(), url: None, published_at: Some(NOW.plus_days(-1)) }
}

async fn take(t: &TestDb, id: FeedId, entries: Vec<Entry>) -> u32 {
    let feed = feed(t, id).await;
    let mut tx = t.write(&Actor::system(t.workspace)).await;
    let parsed = Parsed { title: "The Paper".into(), entries };
    let new = signals::ingest(&mut tx, &feed, &parsed).await.unwrap();
    tx.commit().await.unwrap();
    new
}

/// Tells a headline about a competitor.
pub async fn rumour(t: &TestDb, competitor: &str, title: &str) {
    let id = add(t, &t.manager, new(FeedKind::Competitor, competitor, None)).await.unwrap();
    assert_eq!(take(t, id, vec![entry(title)]).await, 1);
}

async fn of(t: &TestDb, account: AccountId) -> Vec<Signal> {
    signals::headlines(&mut t.read(&t.viewer).await, account, 50).await.unwrap()
}

async fn correct(t: &TestDb, signal: &Signal, correction: Correction) {
    let mut tx = t.write(&t.csm).await;
    signals::correct(&mut tx, signal.id, correction).await.unwrap();
    tx.commit().await.unwrap();
}

async fn fact(t: &TestDb, account: AccountId, key: &str) -> Option<f64> {
    let gathered = health::gather(&mut t.read(&t.viewer).await, &[account]).await.unwrap();
    let now = t.clock.now();
    gathered[0].record.facts(now).value_at(key, now).and_then(FactValue::number)
}

#[tokio::test]
async fn a_headline_is_matched_read_and_taken_in_once() {
    for t in support::databases().await {
        let acme = t.account("Acme GmbH").await.id;
        let id = add(&t, &t.manager, new(FeedKind::Market, "paper", None)).await.unwrap();
        let entries = || vec![entry("Acme lays off 200 employees"), entry("Somebody else wins a prize")];
        assert_eq!(take(&t, id, entries()).await, 1, "{}: what is about nobody is left out", t.engine());
        assert_eq!(take(&t, id, entries()).await, 0, "known by its key");
        let again = Entry { id: "other".into(), ..entry("ACME lays off 200 employees - The Other Paper") };
        assert_eq!(take(&t, id, vec![again]).await, 0, "known by its words");
        let [signal] = &of(&t, acme).await[..] else { panic!("one headline") };
        assert_eq!(
            (signal.event(), signal.tone(), signal.matched),
            (Event::Layoffs, Tone::Negative, Some(Matched::Name))
        );
        assert_eq!((signal.seen_at, signal.published_at), (NOW, NOW.plus_days(-1)));
        let lines = log::of_account(&mut t.read(&t.viewer).await, acme, i64::MAX, 9).await.unwrap();
        let line = lines.iter().find(|line| line.subject == Subject::Signal).unwrap();
        assert_eq!((line.change, &line.after["tone"]), (Change::Created, &"negative".into()));
    }
}

#[tokio::test]
async fn what_is_old_from_the_future_or_without_a_date_is_put_right() {
    for t in support::databases().await {
        let acme = t.account("Acme").await.id;
        let id = add(&t, &t.manager, new(FeedKind::Market, "paper", None)).await.unwrap();
        let dated = |title: &str, published_at| Entry { published_at, ..entry(title) };
        let entries = vec![
            dated("Acme buys a mill", Some(NOW.plus_days(-200))),
            dated("Acme opens a new office", Some(NOW.plus_days(3))),
            dated("Acme launches an app", None),
        ];
        assert_eq!(take(&t, id, entries).await, 2, "{}", t.engine());
        assert!(of(&t, acme).await.iter().all(|signal| signal.published_at == NOW));
    }
}

#[tokio::test]
async fn what_is_unsure_waits_for_a_person_whose_word_stays() {
    for t in support::databases().await {
        let (acme, blue) = (t.account("Acme").await.id, t.account("Blue Yonder").await.id);
        let id = add(&t, &t.manager, new(FeedKind::Market, "paper", None)).await.unwrap();
        take(&t, id, vec![entry("Acme and Blue Yonder settle a lawsuit")]).await;
        let waiting = signals::waiting(&mut t.read(&t.viewer).await).await.unwrap();
        let [one] = &waiting[..] else { panic!("{}: one waits", t.engine()) };
        assert_eq!(one.accounts.len(), 2);
        correct(&t, &one.signal, Correction::Account(Some(blue))).await;
        assert!(signals::waiting(&mut t.read(&t.viewer).await).await.unwrap().is_empty());
        assert!(of(&t, acme).await.is_empty());
        let signal = of(&t, blue).await.remove(0);
        let set = signal.account_set.clone().unwrap();
        assert_eq!((set.by, set.at), (t.csm.user.unwrap(), NOW));
        correct(&t, &signal, Correction::Tone(Tone::Positive)).await;
        correct(&t, &signal, Correction::Event(Event::Other)).await;
        let signal = of(&t, blue).await.remove(0);
        assert_eq!(
            (signal.tone(), signal.event(), signal.reading.event),
            (Tone::Positive, Event::Other, Event::Lawsuit)
        );
        correct(&t, &signal, Correction::Account(Some(acme))).await;
        for account in [acme, blue] {
            let lines = log::of_account(&mut t.read(&t.viewer).await, account, i64::MAX, 99).await.unwrap();
            assert!(lines.iter().any(|line| line.after.contains_key("account_id")), "both accounts have the line");
        }
    }
}

#[tokio::test]
async fn a_competitors_headlines_are_about_no_account() {
    for t in support::databases().await {
        let acme = t.account("Acme").await.id;
        let id = add(&t, &t.manager, new(FeedKind::Competitor, "Kestrel", None)).await.unwrap();
        assert_eq!(take(&t, id, vec![entry("Kestrel wins Acme as a customer")]).await, 1);
        assert!(of(&t, acme).await.is_empty());
        let found = signals::competitor_headlines(&mut t.read(&t.viewer).await, 9).await.unwrap();
        assert_eq!(found[0].competitor.as_deref(), Some("Kestrel"));
    }
}

#[tokio::test]
async fn headlines_are_facts_and_a_correction_changes_them() {
    for t in support::databases().await {
        let acme = t.account("Acme").await.id;
        assert_eq!(fact(&t, acme, keys::MARKET_SENTIMENT_30D).await, None);
        let id = add(&t, &t.csm, new(FeedKind::Account, "own", Some(acme))).await.unwrap();
        take(&t, id, vec![entry("Layoffs at the mill"), entry("Acme raises $20m in a round of funding")]).await;
        assert_eq!(fact(&t, acme, keys::BAD_NEWS_30D).await, Some(1.0), "{}", t.engine());
        assert_eq!(fact(&t, acme, keys::GROWTH_NEWS_90D).await, Some(1.0));
        assert_eq!(fact(&t, acme, keys::MARKET_SENTIMENT_30D).await, Some(50.0));
        let bad = of(&t, acme).await.into_iter().find(|signal| signal.tone() == Tone::Negative).unwrap();
        correct(&t, &bad, Correction::Tone(Tone::Neutral)).await;
        assert_eq!(fact(&t, acme, keys::BAD_NEWS_30D).await, Some(0.0));
    }
}

#[tokio::test]
async fn a_feed_is_taken_when_it_is_due_and_comes_again() {
    for t in support::databases().await {
        let system = Actor::system(t.workspace);
        let id = add(&t, &t.manager, new(FeedKind::Market, "paper", None)).await.unwrap();
        let due = || async {
            let mut tx = t.write(&system).await;
            assert_eq!(signals::is_due(&mut tx).await.unwrap(), signals::is_due(&mut tx).await.unwrap());
            let taken = signals::take_due_feeds(&mut tx, 9).await.unwrap();
            tx.commit().await.unwrap();
            taken
        };
        assert_eq!(due().await.len(), 1, "{}: a new feed is due at once", t.engine());
        assert_eq!(due().await.len(), 0, "somebody has it");
        t.clock.advance(6 * MINUTE_MS);
        assert_eq!(due().await.len(), 1, "whoever had it never came back");
        let note = |outcome, etag: Option<&str>| {
            let fetched = Fetched { etag: etag.map(str::to_owned), ..Fetched::default() };
            let run = Run { at: t.clock.now(), took_ms: 5, outcome };
            let system = &system;
            let t = &t;
            async move {
                let mut tx = t.write(system).await;
                signals::note_run(&mut tx, id, run, fetched).await.unwrap();
                tx.commit().await.unwrap();
            }
        };
        note(Outcome::Read { entries: 3, new: 0 }, Some("v1")).await;
        assert_eq!(due().await.len(), 0);
        t.clock.advance(67 * MINUTE_MS);
        let taken = due().await;
        assert_eq!(taken[0].etag.as_deref(), Some("v1"));
        note(Outcome::Failed(Trouble::TimedOut), None).await;
        let failed = feed(&t, id).await;
        assert_eq!(failed.failures, 1);
        assert!(failed.next_at.0 >= t.clock.now().0 + 120 * MINUTE_MS, "it waits longer after a failure");
        for _ in 0..25 {
            t.clock.advance(MINUTE_MS);
            note(Outcome::Unchanged, None).await;
        }
        let runs = signals::feed_runs(&mut t.read(&t.viewer).await, id).await.unwrap();
        assert_eq!(runs.len(), 20, "the last twenty looks are kept");
        let mut tx = t.write(&t.manager).await;
        signals::pause_feed(&mut tx, id, true).await.unwrap();
        tx.commit().await.unwrap();
        t.clock.advance(9 * DAY_MS);
        assert_eq!(due().await.len(), 0, "what is paused is never due");
    }
}

fn check(at: Timestamp) -> Check {
    Check {
        at,
        took_ms: 120,
        status: Some(200),
        tls_expires_at: Some(NOW.plus_days(40)),
        hops: Vec::new(),
        title: Some("Acme".into()),
        trouble: None,
    }
}

async fn note(t: &TestDb, account: AccountId, check: Check) {
    let mut tx = t.write(&Actor::system(t.workspace)).await;
    signals::note_check(&mut tx, account, check).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_website_is_judged_and_its_history_is_folded() {
    for t in support::databases().await {
        let acme = t.account("Acme").await.id;
        let mut tx = t.write(&t.csm).await;
        signals::watch_website(&mut tx, acme, "acme.example").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = t.write(&Actor::system(t.workspace)).await;
        assert_eq!(signals::take_due_websites(&mut tx, 9).await.unwrap().len(), 1, "{}", t.engine());
        tx.commit().await.unwrap();
        note(&t, acme, check(NOW)).await;
        assert_eq!(fact(&t, acme, keys::WEBSITE_OK).await, Some(1.0));
        assert_eq!(fact(&t, acme, keys::TLS_DAYS_LEFT).await, Some(40.0));
        // A look that brought nothing takes nothing away.
        t.clock.advance(MINUTE_MS);
        let failed =
            Check { status: None, tls_expires_at: None, trouble: Some(Trouble::TimedOut), ..check(t.clock.now()) };
        note(&t, acme, failed).await;
        assert_eq!(fact(&t, acme, keys::TLS_DAYS_LEFT).await, Some(39.0), "{}", t.engine());
        t.clock.advance(MINUTE_MS);
        note(&t, acme, check(t.clock.now())).await;
        let lines = |t: &TestDb| {
            let reader = t.viewer.clone();
            let db = t.db.clone();
            async move {
                let mut tx = db.read(&reader).await.unwrap();
                let lines = log::of_account(&mut tx, acme, i64::MAX, 99).await.unwrap();
                lines.into_iter().filter(|line| line.subject == Subject::Website).count()
            }
        };
        let before = lines(&t).await;
        for hour in 1..240 {
            t.clock.advance(DAY_MS / 24);
            let mut check = check(t.clock.now());
            if hour == 30 || hour == 31 {
                (check.status, check.trouble) = (None, Some(Trouble::TimedOut));
            }
            note(&t, acme, check).await;
        }
        assert_eq!(lines(&t).await, before + 3, "warning, down, up again: nothing else is news");
        let gathered = health::gather(&mut t.read(&t.viewer).await, &[acme]).await.unwrap();
        let looks = &gathered[0].record.looks;
        assert!((7 * 24..8 * 24 + 4).contains(&looks.len()), "{} looks", looks.len());
        assert!(looks.iter().any(|look| look.verdict == Verdict::Down), "the worst of an old day stays");
    }
}

#[tokio::test]
async fn a_certificate_that_ends_soon_is_looked_at_every_hour_until_it_was_renewed() {
    for t in support::databases().await {
        let acme = t.account("Acme").await.id;
        let mut tx = t.write(&t.csm).await;
        signals::watch_website(&mut tx, acme, "acme.example").await.unwrap();
        tx.commit().await.unwrap();
        let look = async |days: i64| {
            let now = t.clock.now();
            note(&t, acme, Check { tls_expires_at: Some(NOW.plus_days(days)), ..check(now) }).await;
            db::alerts::catch_up(&t.db, t.workspace).await.unwrap();
            let site = signals::website(&mut t.read(&t.viewer).await, acme).await.unwrap().unwrap();
            let open = db::alerts::of_account(&mut t.read(&t.viewer).await, acme).await.unwrap().len();
            ((site.next_at.0 - now.0) / MINUTE_MS, open)
        };
        let (minutes, open) = look(9).await;
        assert!((60..=66).contains(&minutes) && open == 1, "{t:?}: {minutes} minutes, {open} alerts");
        t.clock.advance(minutes * MINUTE_MS);
        let (minutes, open) = look(400).await;
        assert!((60..=66).contains(&minutes) && open == 0, "{t:?}: {minutes} minutes, {open} alerts");
        t.clock.advance(minutes * MINUTE_MS);
        assert!(look(400).await.0 >= 360, "{t:?}: as often as before");
    }
}

#[tokio::test]
async fn only_those_who_may_set_things_up() {
    for t in support::databases().await {
        let acme = t.account_with("Acme", |account| account.domain = Some("acme.example".into())).await.id;
        let refused = |result: db::Result<FeedId>| matches!(result, Err(db::Error::Refused(Refusal::Forbidden)));
        assert!(refused(add(&t, &t.csm, new(FeedKind::Market, "a", None)).await), "{}", t.engine());
        assert!(refused(add(&t, &t.viewer, new(FeedKind::Account, "a", Some(acme))).await));
        let own = add(&t, &t.csm, new(FeedKind::Account, "own", Some(acme))).await.unwrap();
        let again = add(&t, &t.csm, new(FeedKind::Account, "own", Some(acme))).await;
        assert!(matches!(again, Err(db::Error::Refused(Refusal::Invalid(_)))), "one address, one feed");
        let stranger = t.other_workspace().await;
        let foreign = add(&t, &stranger, new(FeedKind::Account, "b", Some(acme))).await;
        assert!(matches!(foreign, Err(db::Error::Refused(Refusal::NotFound))));
        assert!(signals::feeds(&mut t.read(&stranger).await).await.unwrap().is_empty());
        let mut tx = t.write(&stranger).await;
        assert!(signals::remove_feed(&mut tx, own).await.is_err());
        assert!(signals::headlines(&mut tx, acme, 9).await.is_err());
        assert!(signals::watch_website(&mut tx, acme, "acme.example").await.is_err());
        drop(tx);
        let mut tx = t.write(&t.viewer).await;
        assert!(signals::watch_website(&mut tx, acme, "acme.example").await.is_err());
        drop(tx);
        let mut tx = t.write(&t.manager).await;
        assert_eq!(signals::watch_all(&mut tx).await.unwrap(), 1);
        assert_eq!(signals::watch_all(&mut tx).await.unwrap(), 0);
        signals::stop_watching(&mut tx, acme).await.unwrap();
        assert_eq!(signals::website(&mut tx, acme).await.unwrap(), None);
    }
}
