//! A story, played by the verbs that the server calls: each turn of it is told once, with its priority and its reason,
//! and what is over ends. A winter that comes every year is no turn.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use db::signals::{self, Fetched};
use db::{alerts, health, notices, usage};
use domain::accounts::Account;
use domain::alerts::list::{AlertQuery, Shelf};
use domain::alerts::{Alert, Outcome, built_in};
use domain::fields::Subject;
use domain::id::{AccountId, AlertId, FeedId};
use domain::identity::Actor;
use domain::signals::feeds::{FeedKind, NewFeed, Outcome as Looked, Run};
use domain::signals::parse::{Entry, Parsed};
use domain::signals::website::Check;
use domain::signals::{Correction, Tone};
use domain::time::{DAY_MS, Timestamp};
use domain::usage::UsageDay;

use crate::import::{counts, import_usual};
use crate::support::{self, NOW, TestDb};

/// What the middle account brings in a year.
const TYPICAL_MINOR: i64 = 1_200_000;

/// The story as far as it has been told: a line for each alert that came or went, in its order.
struct Story<'t> {
    t: &'t TestDb,
    told: Vec<String>,
    known: BTreeMap<AlertId, bool>,
}

impl<'t> Story<'t> {
    async fn begin(t: &'t TestDb) -> Self {
        let mut story = Self { t, told: Vec::new(), known: BTreeMap::new() };
        story.look().await;
        story
    }

    /// Lets everybody who reads the log catch up, twice, and notes what came of it.
    async fn look(&mut self) {
        let t = self.t;
        for _ in 0..2 {
            health::catch_up(&t.db, t.workspace).await.unwrap();
            alerts::catch_up(&t.db, t.workspace).await.unwrap();
            notices::catch_up(&t.db, t.workspace, notices::Reach::default()).await.unwrap();
        }
        let mut news = Vec::new();
        for shelf in [Shelf::Open, Shelf::Snoozed, Shelf::Closed] {
            let query = AlertQuery { shelf, limit: 200, members: true, ..AlertQuery::default() };
            for row in alerts::list(&mut t.read(&t.viewer).await, &query).await.unwrap().rows {
                let (id, is_closed) = (row.alert.id, row.alert.is_closed());
                match self.known.insert(id, is_closed) {
                    None => news.push(self.line(&row.account, &raised(&row.alert))),
                    Some(was_closed) if was_closed != is_closed => {
                        news.push(self.line(&row.account, &ended(&row.alert)))
                    }
                    Some(_) => {}
                }
            }
        }
        news.sort();
        self.told.extend(news);
    }

    fn line(&self, account: &str, what: &str) -> String {
        format!("day {}: {account}: {what}", self.t.clock.now().days_since(NOW))
    }

    async fn later(&mut self, ms: i64) {
        self.t.clock.advance(ms);
        self.look().await;
    }
}

/// The rule, the priority, and the facts that its condition names as they were.
fn raised(alert: &Alert) -> String {
    let rule = built_in().into_iter().find(|rule| rule.id == alert.rule_id).unwrap();
    let mut text = format!("{} {}", alert.reason.key, alert.priority.key());
    for fact in alert.facts_then.iter().filter(|fact| rule.condition.contains(&fact.key)) {
        let value = fact.value.as_f64().map_or_else(|| fact.value.to_string(), |value| format!("{value:.0}"));
        text.push_str(&format!(" {}={value}", fact.key));
    }
    text
}

fn ended(alert: &Alert) -> String {
    let by_itself = alert.outcome == Some(Outcome::Cleared) && alert.resolved_by.is_none();
    format!("{} {}", alert.reason.key, if by_itself { "is over" } else { "was closed" })
}

/// Returns the usage of the days up to now, every `step` days.
fn days(account: AccountId, count: i64, step: usize, level: impl Fn(i64) -> f64) -> Vec<UsageDay> {
    let day = |offset: i64| UsageDay {
        account_id: account,
        metric: "active_users".into(),
        day: NOW.plus_days(offset).day_start(),
        value: level(offset),
    };
    (0..count).step_by(step).map(|ago| day(-ago)).collect()
}

/// Usage of a day in a line of business that has little to do in winter: it falls by more than half in November.
fn winter(offset: i64) -> f64 {
    let phase = 2.68 + (offset + 14) as f64 / 365.25 * TAU;
    100.0 * (1.0 + 0.9 * phase.cos())
}

async fn report(t: &TestDb, days: &[UsageDay]) {
    let mut tx = t.write(&t.csm).await;
    usage::set(&mut tx, days).await.unwrap();
    tx.commit().await.unwrap();
}

async fn feed(t: &TestDb, kind: FeedKind, name: &str, account_id: Option<AccountId>) -> FeedId {
    let url = format!("https://{name}.example/rss");
    let mut tx = t.write(&t.manager).await;
    let new = NewFeed { kind, name: name.into(), url, account_id, every_minutes: 60 };
    let id = signals::add_feed(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Takes in what a feed says now; a headline that is known already is none.
async fn publish(t: &TestDb, id: FeedId, title: &str) {
    let feeds = signals::feeds(&mut t.read(&t.viewer).await).await.unwrap();
    let feed = feeds.into_iter().map(|watched| watched.feed).find(|feed| feed.id == id).unwrap();
    let entry = Entry { id: title.into(), title: title.into(), summary: String::new(), url: None, published_at: None };
    let mut tx = t.write(&Actor::system(t.workspace)).await;
    let parsed = Parsed { title: "The Paper".into(), entries: vec![entry] };
    let new = signals::ingest(&mut tx, &feed, &parsed).await.unwrap();
    let run = Run { at: t.clock.now(), took_ms: 5, outcome: Looked::Read { entries: 1, new } };
    signals::note_run(&mut tx, id, run, Fetched::default()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn look_at_website(t: &TestDb, account: AccountId, certificate_ends: Timestamp) {
    let check = Check {
        at: t.clock.now(),
        took_ms: 90,
        status: Some(200),
        tls_expires_at: Some(certificate_ends),
        hops: Vec::new(),
        title: Some("Acme".into()),
        trouble: None,
    };
    let mut tx = t.write(&Actor::system(t.workspace)).await;
    signals::note_check(&mut tx, account, check).await.unwrap();
    tx.commit().await.unwrap();
}

/// An account whose score is 50, with one and a half times the middle revenue and a renewal ahead; beside it two of
/// the middle, of which nothing is told.
async fn people_it_is_about(t: &TestDb, category: Option<&str>) -> AccountId {
    let mut tx = t.write(&t.manager).await;
    let card = health::published(&mut tx).await.unwrap()[0].scorecard;
    crate::cards::put_into_force(&mut tx, Some(card), crate::cards::card(50.0)).await;
    tx.commit().await.unwrap();
    let renews = |account: &mut Account, days: i64| account.renewal_at = Some(NOW.plus_days(days));
    for name in ["Calm", "Steady"] {
        t.account_with(name, |account| {
            account.arr_minor = Some(TYPICAL_MINOR);
            renews(account, 94);
        })
        .await;
    }
    let acme = t
        .account_with("Acme", |account| {
            (account.arr_minor, account.adoption_pct) = (Some(TYPICAL_MINOR * 3 / 2), Some(50.0));
            (account.tags, account.category) = (vec!["kestrel".into()], category.map(str::to_owned));
            renews(account, 94);
        })
        .await
        .id;
    let mut tx = t.write(&t.csm).await;
    signals::watch_website(&mut tx, acme, "acme.example").await.unwrap();
    tx.commit().await.unwrap();
    look_at_website(t, acme, NOW.plus_days(16)).await;
    acme
}

const FAILED: &str = "account,invoice number,amount,currency,invoice date,payment failed,paid date\n\
    Acme,I-1,123.00,USD,2026-11-16,2026-11-21,\n";
const PAID: &str = "account,invoice number,amount,currency,invoice date,payment failed,paid date\n\
    Acme,I-1,123.00,USD,2026-11-16,2026-11-21,2026-11-25\n";

/// What happens to Acme besides its usage, each turn told twice; and how each ends.
async fn play(t: &TestDb, acme: AccountId, mut story: Story<'_>, recovers: Option<&[UsageDay]>) -> Vec<String> {
    let own = feed(t, FeedKind::Account, "acme-news", Some(acme)).await;
    let rival = feed(t, FeedKind::Competitor, "Kestrel", None).await;
    for again in [false, true] {
        let report = import_usual(t, Subject::Invoice, FAILED).await;
        assert_eq!(counts(&report)[1], u64::from(!again), "{t:?}: {:?}", report.errors);
        story.look().await;
        publish(t, own, "Acme lays off 200 employees").await;
        story.look().await;
        publish(t, rival, "Kestrel suffers outage, customers locked out for hours").await;
        story.look().await;
        look_at_website(t, acme, NOW.plus_days(16)).await;
        story.look().await;
    }
    // Two weeks of the certificate are left, then 90 days to the renewal.
    for ms in [2 * DAY_MS, 1, DAY_MS - 1, 1] {
        story.later(ms).await;
    }
    story.later(DAY_MS).await;
    if let Some(days) = recovers {
        report(t, days).await;
    }
    import_usual(t, Subject::Invoice, PAID).await;
    look_at_website(t, acme, NOW.plus_days(400)).await;
    let mut tx = t.write(&t.csm).await;
    for about in
        [signals::headlines(&mut tx, acme, 9).await.unwrap(), signals::competitor_headlines(&mut tx, 9).await.unwrap()]
    {
        assert_eq!(about.len(), 1, "{t:?}: told twice, it is one headline");
        signals::correct(&mut tx, about[0].id, Correction::Tone(Tone::Neutral)).await.unwrap();
    }
    health::set_override(&mut tx, acme, 90.0, "They have signed.", NOW.plus_days(30)).await.unwrap();
    tx.commit().await.unwrap();
    story.look().await;
    story.told
}

/// What is told of it besides usage.
const TOLD: [&str; 5] = [
    "day 0: Acme: payment_failed critical payments_failed=1",
    "day 0: Acme: bad_news high news_bad_14d=1",
    "day 0: Acme: competitor_bad_news medium competitor_bad_14d=1 days_to_deadline=94",
    "day 2: Acme: technical_issue high website_down=false tls_days_left=13",
    "day 3: Acme: renewal_risk high days_to_deadline=90 score=50",
];
const OVER: [&str; 5] = [
    "day 4: Acme: bad_news is over",
    "day 4: Acme: competitor_bad_news is over",
    "day 4: Acme: payment_failed is over",
    "day 4: Acme: renewal_risk is over",
    "day 4: Acme: technical_issue is over",
];

#[tokio::test]
async fn each_turn_is_told_once_with_its_priority_and_reason_and_ends_when_it_is_over() {
    for t in support::databases().await {
        let acme = people_it_is_about(&t, None).await;
        report(&t, &days(acme, 60, 1, |_| 20.0)).await;
        let mut story = Story::begin(&t).await;
        assert_eq!(story.told, [""; 0], "{t:?}: all is well at first");
        // Told twice, like everything.
        for _ in 0..2 {
            report(&t, &days(acme, 28, 1, |_| 8.0)).await;
            story.look().await;
        }
        let told = play(&t, acme, story, Some(&days(acme, 28, 1, |_| 20.0))).await;
        let mut expected = TOLD.to_vec();
        expected.insert(0, "day 0: Acme: usage_drop medium usage_change_28d=-60 usage_28d=224");
        expected.extend(OVER);
        expected.push("day 4: Acme: usage_drop is over");
        assert_eq!(told, expected, "{t:?}");
        let counted = alerts::analytics(&mut t.read(&t.viewer).await, 9).await.unwrap();
        assert_eq!(counted.open.len(), 0, "{t:?}: {:?}", counted.open);
        assert!(db::log::verify(&mut t.read(&t.viewer).await).await.unwrap().is_ok(), "{t:?}");
    }
}

/// Two years of a line of business that sleeps in winter, of Acme, of three others, and of one that does worse than
/// its season.
async fn two_winters(t: &TestDb, acme: AccountId) {
    let category = |account: &mut Account| account.category = Some("weddings".into());
    let mut all = days(acme, 2 * 364, 7, winter);
    for name in ["Alder", "Birch", "Cedar"] {
        let other = t.account_with(name, category).await.id;
        all.extend(days(other, 2 * 364, 7, |offset| 3.0 * winter(offset)));
    }
    let worse = t.account_with("Dry Docks", category).await.id;
    all.extend(days(worse, 2 * 364, 7, |offset| if offset > -28 { 0.3 * winter(offset) } else { winter(offset) }));
    report(t, &all).await;
}

#[tokio::test]
async fn with_the_season_of_its_business_winter_is_no_alarm_and_what_is_worse_than_winter_is() {
    for t in support::databases().await {
        let acme = people_it_is_about(&t, Some("weddings")).await;
        two_winters(&t, acme).await;
        let told = play(&t, acme, Story::begin(&t).await, None).await;
        let (docks, told): (Vec<_>, Vec<_>) = told.into_iter().partition(|line| line.contains("Dry Docks"));
        let mut expected = TOLD.to_vec();
        expected.extend(OVER);
        assert_eq!(told, expected, "{t:?}");
        // It does three tenths of what its season lets expect, as near as weeks tell.
        assert_eq!(docks.len(), 1, "{t:?}: {docks:?}");
        let change = docks[0].strip_prefix("day 0: Dry Docks: usage_drop medium usage_change_28d=");
        let change: i64 = change.and_then(|rest| rest.split(' ').next()).unwrap().parse().unwrap();
        assert!((-75..=-65).contains(&change), "{t:?}: {docks:?}");
    }
}

#[tokio::test]
async fn without_its_season_the_same_winter_is_an_alarm() {
    for t in support::databases().await {
        let acme = people_it_is_about(&t, None).await;
        two_winters(&t, acme).await;
        let story = Story::begin(&t).await;
        let of_acme: Vec<&String> = story.told.iter().filter(|line| line.contains("Acme")).collect();
        assert_eq!(of_acme.len(), 1, "{t:?}: {of_acme:?}");
        assert!(of_acme[0].starts_with("day 0: Acme: usage_drop medium usage_change_28d=-"), "{t:?}: {of_acme:?}");
    }
}
