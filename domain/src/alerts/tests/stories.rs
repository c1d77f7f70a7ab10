//! A year in the life of an account, told through its records.

use super::super::alert::Priority;
use super::super::built_in;
use super::super::engine::Moved;
use super::super::facts::{Extra, Signals};
use super::{DAY, Watched, account, health};
use crate::contacts::Contact;
use crate::health::{Band, HealthSummary, Points, Record, SeasonProfile};
use crate::id::{ContactId, InvoiceId};
use crate::money::Currency;
use crate::revenue::Invoice;
use crate::time::Timestamp;
use crate::usage::UsageDay;
use uuid::Uuid;

/// An account that is used every day, at a level that `level` says for the days since [`DAY`].
fn record(level: impl Fn(i64) -> f64) -> Record {
    let mut record = Record::new(account());
    let id = record.account.id;
    let day = |offset: i64| UsageDay {
        account_id: id,
        metric: "active_users".to_owned(),
        day: DAY.plus_days(offset),
        value: level(offset),
    };
    record.usage = (-120..=120).map(day).collect();
    record.touches = (-120..=120).step_by(14).map(|offset| DAY.plus_days(offset)).collect();
    record.contacts = vec![contact(1, "champion"), contact(2, "user"), contact(3, "user")];
    record
}

fn contact(number: u128, role: &str) -> Contact {
    Contact {
        id: ContactId(Uuid::from_u128(number)),
        version: 1,
        account_id: account().id,
        name: format!("Contact {number}"),
        email: None,
        phone: None,
        title: None,
        role: Some(role.to_owned()),
        sentiment: None,
        time_zone: None,
        last_touch_at: Some(DAY.plus_days(-3)),
        left_at: None,
        created_at: DAY.plus_days(-300),
        updated_at: DAY,
        distinct_from: Vec::new(),
    }
}

fn failed(at: Timestamp, paid_at: Option<Timestamp>) -> Invoice {
    Invoice {
        id: InvoiceId(Uuid::from_u128(1)),
        version: 1,
        account_id: account().id,
        external_id: None,
        product: None,
        currency: Currency::USD,
        amount_minor: 12_000,
        issued_at: at.plus_days(-10),
        due_at: Some(at.plus_days(20)),
        paid_at,
        failed_at: Some(at),
        lines: Vec::new(),
        created_at: at,
        updated_at: at,
    }
}

/// Plays days, one look a day; returns what was raised, with its day and priority.
fn play(
    watched: &mut Watched,
    record: &Record,
    signals: impl Fn(i64) -> Signals,
    season: Option<&SeasonProfile>,
    score: impl Fn(i64) -> (f64, Band),
) -> Vec<(String, i64, Priority)> {
    let mut raised = Vec::new();
    let mut history: Vec<(Timestamp, Points)> = vec![(DAY.plus_days(-100), Points::from_f64(score(0).0))];
    for offset in 0..60 {
        let now = DAY.plus_days(offset);
        let (points, band) = score(offset);
        let health: HealthSummary = health(points, band);
        history.push((now, health.score));
        let signals = signals(offset);
        let extra = Extra {
            health: Some(&health),
            history: &history,
            season,
            signals: Some(&signals),
            churn_pct: None,
            typical_minor: 0,
        };
        for one in watched.look_at(record, &extra, now).moves {
            if one.moved == Moved::Raised {
                raised.push((one.alert.reason.key.clone(), offset, one.alert.priority));
            }
        }
    }
    raised
}

#[test]
fn each_turn_of_the_story_is_told_once_with_its_priority_and_ends_when_it_is_over() {
    let mut record = record(|offset| if offset >= 5 { 4.0 } else { 20.0 });
    record.invoices = vec![failed(DAY.plus_days(10), Some(DAY.plus_days(24)))];
    record.account.renewal_at = Some(DAY.plus_days(120));
    record.account.notice_days = Some(10);
    let signals = |offset: i64| Signals {
        news_bad_14d: Some(if (15..29).contains(&offset) { 1.0 } else { 0.0 }),
        website_down: Some(false),
        // Renewed on the thirtieth day.
        tls_expires_at: Some(DAY.plus_days(if offset < 30 { 33 } else { 400 })),
        ..Signals::default()
    };
    // Health falls with usage, and the renewal comes near while it is low.
    let score = |offset: i64| if offset < 8 { (80.0, Band::Healthy) } else { (50.0, Band::AtRisk) };
    let mut watched = Watched::new(&built_in());
    let raised = play(&mut watched, &record, signals, None, score);
    let told: Vec<(&str, i64, Priority)> =
        raised.iter().map(|(key, day, level)| (key.as_str(), *day, *level)).collect();
    assert_eq!(
        told,
        [
            ("score_drop", 9, Priority::Medium),
            ("payment_failed", 10, Priority::High),
            ("bad_news", 15, Priority::Medium),
            ("usage_drop", 19, Priority::Medium),
            ("renewal_risk", 20, Priority::Medium),
            ("technical_issue", 20, Priority::High),
        ]
    );
    let ended = |key: &str| {
        let alert = watched.alerts.iter().find(|alert| alert.reason.key == key).unwrap();
        alert.resolved_at.map(|at| at.days_since(DAY))
    };
    assert_eq!(ended("payment_failed"), Some(24), "paid");
    assert_eq!(ended("bad_news"), Some(29), "no longer news");
    assert_eq!(ended("technical_issue"), Some(30), "renewed");
    assert_eq!(ended("renewal_risk"), None);
}

#[test]
fn a_winter_that_comes_every_year_is_no_alarm() {
    let winter = |offset: i64| if offset >= 5 { 8.0 } else { 20.0 };
    let record = record(winter);
    let steady = |_: i64| (80.0, Band::Healthy);
    let mut season = SeasonProfile::flat("weddings");
    for offset in -120..=120 {
        let week = chrono::Datelike::iso_week(&DAY.plus_days(offset).date().unwrap()).week0() as usize;
        season.weekly[week] = winter(offset) / 20.0;
    }
    let mut surprised = Watched::new(&built_in());
    let raised = play(&mut surprised, &record, |_| Signals::default(), None, steady);
    assert_eq!(raised.iter().map(|(key, ..)| key.as_str()).collect::<Vec<_>>(), ["usage_drop"]);
    let mut calm = Watched::new(&built_in());
    assert_eq!(play(&mut calm, &record, |_| Signals::default(), Some(&season), steady), []);
}
