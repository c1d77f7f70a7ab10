use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::hours::{Every, allowed_from, last_digest, quiet_until, zone, zones};
use super::*;
use crate::accounts::Account;
use crate::changes::{Change, Entry};
use crate::fields::Subject;
use crate::id::BatchId;

fn at(text: &str) -> Timestamp {
    let moment = chrono::DateTime::parse_from_rfc3339(text).unwrap();
    Timestamp(moment.timestamp_millis())
}

const NIGHT: Quiet = Quiet { from: 20 * 60, to: 7 * 60 };

#[test]
fn quiet_hours_follow_the_clock_on_the_wall_when_the_time_changes() {
    let berlin = zone("Europe/Berlin").unwrap();
    let table = [
        // Winter: 07:00 is 06:00 UTC.
        ("2026-01-15T21:00:00Z", Some("2026-01-16T06:00:00Z")),
        ("2026-01-15T18:59:00Z", None),
        ("2026-01-15T19:00:00Z", Some("2026-01-16T06:00:00Z")),
        ("2026-01-16T06:00:00Z", None),
        // The night of 28 to 29 March is an hour shorter, that of 24 to 25 October an hour longer.
        ("2026-03-28T23:00:00Z", Some("2026-03-29T05:00:00Z")),
        ("2026-10-24T20:00:00Z", Some("2026-10-25T06:00:00Z")),
        // Summer: 07:00 is 05:00 UTC.
        ("2026-07-01T18:30:00Z", Some("2026-07-02T05:00:00Z")),
        ("2026-07-01T17:59:00Z", None),
    ];
    for (moment, until) in table {
        assert_eq!(quiet_until(at(moment), NIGHT, berlin), until.map(at), "{moment}");
    }
}

#[test]
fn quiet_hours_that_begin_or_end_in_the_hour_that_does_not_exist() {
    let berlin = zone("Europe/Berlin").unwrap();
    // At 02:00 on 29 March the clock shows 03:00.
    let gap = Quiet { from: 60, to: 2 * 60 + 30 };
    assert_eq!(quiet_until(at("2026-03-29T00:30:00Z"), gap, berlin), Some(at("2026-03-29T01:00:00Z")));
    assert_eq!(quiet_until(at("2026-03-29T01:00:00Z"), gap, berlin), None);
    // At 03:00 on 25 October the clock shows 02:00 once more: the first of the two ends the quiet.
    assert_eq!(quiet_until(at("2026-10-25T00:00:00Z"), gap, berlin), Some(at("2026-10-25T00:30:00Z")));
    assert_eq!(quiet_until(at("2026-10-25T01:00:00Z"), gap, berlin), None);
}

#[test]
fn quiet_hours_within_a_day_and_without() {
    let noon = Preferences {
        quiet: Some(Quiet { from: 720, to: 780 }),
        zone: "Asia/Kolkata".into(),
        ..Preferences::default()
    };
    assert_eq!(allowed_from(at("2026-05-01T07:00:00Z"), &noon), at("2026-05-01T07:30:00Z"));
    assert_eq!(allowed_from(at("2026-05-01T07:30:00Z"), &noon), at("2026-05-01T07:30:00Z"));
    let never = Preferences { quiet: None, ..noon };
    assert_eq!(allowed_from(at("2026-05-01T07:00:00Z"), &never), at("2026-05-01T07:00:00Z"));
}

#[test]
fn a_digest_is_due_at_the_same_hour_in_summer_and_winter() {
    let mine =
        Preferences { zone: "America/New_York".into(), digest_hour: 7, digest_weekday: 0, ..Preferences::default() };
    let day = |now: &str| last_digest(at(now), &mine, Every::Day).unwrap();
    assert_eq!(day("2026-01-12T13:00:00Z"), (at("2026-01-12T12:00:00Z"), "2026-01-12".parse().unwrap()));
    assert_eq!(day("2026-01-12T11:59:00Z").0, at("2026-01-11T12:00:00Z"));
    assert_eq!(day("2026-07-06T13:00:00Z").0, at("2026-07-06T11:00:00Z"));
    // 6 July 2026 is a Monday.
    let week = last_digest(at("2026-07-09T13:00:00Z"), &mine, Every::Week).unwrap();
    assert_eq!(week, (at("2026-07-06T11:00:00Z"), "2026-07-06".parse().unwrap()));
    // On the day the clock goes forward, an hour that does not exist is the next that does.
    let gap = Preferences { zone: "Europe/Berlin".into(), digest_hour: 2, ..Preferences::default() };
    assert_eq!(last_digest(at("2026-03-29T10:00:00Z"), &gap, Every::Day).unwrap().0, at("2026-03-29T01:00:00Z"));
}

#[test]
fn reports_come_in_a_language_that_they_are_written_in() {
    let of = |language: &str| Preferences { language: language.into(), ..Preferences::default() }.checked();
    assert!(of("de").is_ok() && of("ar").is_ok());
    assert!(of("xx").is_err() && of("").is_err());
    let mut known = serde_json::to_value(Preferences::default()).unwrap();
    known.as_object_mut().unwrap().remove("language");
    assert_eq!(
        serde_json::from_value::<Preferences>(known).unwrap().language,
        "en",
        "what was kept before there was one"
    );
}

#[test]
fn time_zones_are_checked_by_name() {
    assert!(zone("Europe/Berlin").is_ok());
    for wrong in ["", "Berlin", "Europe/Nowhere", "'; DROP TABLE users", "../etc/localtime"] {
        assert!(zone(wrong).is_err(), "{wrong}");
    }
    assert!(zones().contains(&"Asia/Tokyo") && zones().contains(&"UTC") && !zones().contains(&"Etc/GMT+3"));
}

fn sent(minutes_ago: i64, now: Timestamp) -> Placed {
    Placed { due: Timestamp(now.0 - minutes_ago * 60_000), summary: false }
}

#[test]
fn the_limit_of_an_hour_gathers_what_is_beyond_it() {
    let now = at("2026-11-21T09:00:00Z");
    let most = Channel::Email.hourly_max().unwrap();
    let mut others: Vec<Placed> = (1..=most as i64).map(|minute| sent(minute * 5, now)).collect();
    let oldest = others.last().unwrap().due;
    assert_eq!(plan(Channel::Email, now, now, &others[..most - 1]), Plan::Send(now));
    let first = plan(Channel::Email, now, now, &others);
    assert_eq!(first, Plan::Gather(Timestamp(oldest.0 + 3_600_000)));
    // The next one joins the same summary.
    let Plan::Gather(due) = first else { panic!() };
    others.push(Placed { due, summary: true });
    assert_eq!(plan(Channel::Email, now, now, &others), Plan::Gather(due));
    // An hour later there is room again.
    let later = Timestamp(now.0 + 3_600_000);
    assert_eq!(plan(Channel::Email, later, later, &others), Plan::Send(later));
}

#[test]
fn what_falls_into_quiet_hours_waits_and_comes_together() {
    let (now, morning) = (at("2026-11-21T21:00:00Z"), at("2026-11-22T06:00:00Z"));
    assert_eq!(plan(Channel::Push, now, morning, &[]), Plan::Gather(morning));
    let open = [Placed { due: morning, summary: true }];
    assert_eq!(plan(Channel::Push, now, morning, &open), Plan::Gather(morning));
    assert_eq!(plan(Channel::InApp, now, now, &[]), Plan::Send(now));
}

#[test]
fn preferences_are_whole_and_sensible() {
    let usual = Preferences::default();
    for event in Event::ALL {
        assert!(usual.wants(event, Channel::InApp), "{event:?}");
        assert_eq!(Event::from_key(event.key()), Some(event));
    }
    assert!(!usual.sound && !usual.uses(Channel::DigestWeekly) && usual.uses(Channel::DigestDaily));
    // What an older version stored lacks the events of today.
    let old = Preferences { channels: Default::default(), ..Preferences::default() };
    assert_eq!(old.clone().checked().unwrap(), usual);
    assert!(old.wants(Event::AlertRaised, Channel::Push));
    let mut mine = usual.clone();
    mine.leave(Channel::DigestDaily);
    assert!(!mine.uses(Channel::DigestDaily) && mine.uses(Channel::Email));
    let text = serde_json::to_string(&mine).unwrap();
    assert_eq!(serde_json::from_str::<Preferences>(&text).unwrap(), mine);
    for wrong in [
        Preferences { quiet: Some(Quiet { from: 1_440, to: 0 }), ..usual.clone() },
        Preferences { quiet: Some(Quiet { from: 60, to: 60 }), ..usual.clone() },
        Preferences { digest_hour: 24, ..usual.clone() },
        Preferences { digest_weekday: 7, ..usual.clone() },
        Preferences { zone: String::new(), ..usual.clone() },
    ] {
        assert!(wrong.clone().checked().is_err(), "{wrong:?}");
    }
}

fn entry(change: Change, subject: Subject, before: Value, after: Value) -> Entry {
    let map = |value: Value| match value {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    Entry {
        seq: 7,
        at: Timestamp(1_000),
        actor: Some(UserId(Uuid::from_u128(1))),
        change,
        subject,
        subject_id: Uuid::from_u128(9),
        account: Some(AccountId(Uuid::from_u128(9))),
        before: map(before),
        after: map(after),
        batch: None,
    }
}

#[test]
fn only_a_fall_into_a_worse_band_is_news() {
    let band = |from: Option<&str>, to: &str| {
        let before = from.map_or(json!({}), |from| json!({"band": from}));
        let entry = Entry {
            actor: None,
            ..entry(Change::Scored, Subject::Account, before, json!({"band": to, "score": 30_000_000}))
        };
        news_of(&entry).map(|news| news.what)
    };
    let fell = |from, to| Some(What::HealthFell { from, to, score: Some(Points(30_000_000)) });
    assert_eq!(band(Some("watch"), "at_risk"), fell(Some(Band::Watch), Band::AtRisk));
    assert_eq!(band(Some("at_risk"), "critical"), fell(Some(Band::AtRisk), Band::Critical));
    assert_eq!(band(None, "critical"), fell(None, Band::Critical));
    for (from, to) in
        [(None, "at_risk"), (Some("critical"), "at_risk"), (Some("healthy"), "watch"), (Some("critical"), "critical")]
    {
        assert_eq!(band(from, to), None, "{from:?} to {to}");
    }
    assert!(fell(None, Band::Critical).unwrap().is_critical() && !fell(None, Band::AtRisk).unwrap().is_critical());
}

#[test]
fn who_becomes_an_owner_is_told_and_a_batch_has_one_name() {
    let sam = Uuid::from_u128(5);
    let line = entry(Change::Updated, Subject::Account, json!({"owner_id": null}), json!({"owner_id": sam}));
    let news = news_of(&line).unwrap();
    assert_eq!((news.audience, news.what.event()), (Audience::Person(UserId(sam)), Event::Assigned));
    let batch = Some(BatchId(Uuid::from_u128(3)));
    let (one, two) = (Entry { batch, ..line.clone() }, Entry { batch, seq: 8, ..line.clone() });
    assert_eq!(news_of(&one).unwrap().fingerprint, news_of(&two).unwrap().fingerprint);
    assert_ne!(news_of(&line).unwrap().fingerprint, news_of(&Entry { seq: 8, ..line.clone() }).unwrap().fingerprint);
    assert_eq!(news_of(&Entry { actor: None, ..line.clone() }), None);
    let other = entry(Change::Updated, Subject::Account, json!({"tier": "a"}), json!({"tier": "b"}));
    assert_eq!(news_of(&other), None);
}

#[test]
fn alerts_are_news_when_they_are_urgent_and_reach_who_deals_with_them() {
    let raised =
        |after: Value| news_of(&Entry { actor: None, ..entry(Change::Created, Subject::Alert, json!({}), after) });
    let high = raised(json!({"priority": "high", "rule_name": "Health decline"})).unwrap();
    assert_eq!((high.audience, high.what.written()), (Audience::Owner, "Health decline"));
    assert!(!high.what.is_critical());
    let sam = Uuid::from_u128(5);
    let critical = raised(json!({"priority": "critical", "rule_name": "x", "assignee": sam})).unwrap();
    assert_eq!((critical.audience, critical.what.is_critical()), (Audience::Person(UserId(sam)), true));
    for quiet in [
        json!({"priority": "medium"}),
        json!({"priority": "critical", "group": sam}),
        json!({"priority": "critical", "resolved_at": 5}),
    ] {
        assert_eq!(raised(quiet.clone()), None, "{quiet}");
    }
    let changed = |after: Value| news_of(&entry(Change::Updated, Subject::Alert, json!({}), after));
    assert_eq!(changed(json!({"assignee": sam})).unwrap().what.event(), Event::AlertAssigned);
    let escalated = changed(json!({"rung": "manager"})).unwrap();
    assert_eq!((escalated.audience, escalated.what.event()), (Audience::Managers, Event::AlertEscalated));
    assert_eq!(changed(json!({"rung": "owner"})), None);
    assert_eq!(changed(json!({"assignee": null, "last_seen": 5})), None);
}

#[test]
fn tasks_are_news_to_whom_they_are_given_and_at_their_moment() {
    let (sam, now) = (Uuid::from_u128(5), at("2026-11-21T09:00:00Z"));
    let line = |change, after: Value| news_of(&entry(change, Subject::Todo, json!({}), after));
    let given = line(Change::Created, json!({"title": "Call Ada", "assignee": sam})).unwrap();
    assert_eq!((given.audience, given.what.written()), (Audience::Person(UserId(sam)), "Call Ada"));
    assert_eq!(line(Change::Updated, json!({"assignee": sam})).unwrap().what.event(), Event::TodoAssigned);
    for quiet in [
        json!({"title": "Call Ada"}),
        json!({"title": "Call Ada", "assignee": sam, "follows": sam}),
        json!({"assignee": null}),
        json!({"due_at": 5}),
    ] {
        assert_eq!(line(Change::Updated, quiet.clone()), None, "{quiet}");
    }
    let draft = crate::todos::TodoDraft { title: "Call Ada".into(), assignee: Some(UserId(sam)), ..Default::default() };
    let todo = draft.written(crate::id::TodoId(sam), None, now.plus_days(-1));
    let due = todo_news(&todo, now, false).unwrap();
    assert_eq!((due.audience, due.at, due.what.event()), (Audience::Person(UserId(sam)), now, Event::TodoDue));
    assert_ne!(due.fingerprint, todo_news(&todo, now, true).unwrap().fingerprint, "its reminder is another thing");
    assert_eq!(todo_news(&todo, now.plus_days(-2), false), None, "what is written down late is known");
    let free = crate::todos::Todo { assignee: None, ..todo };
    assert_eq!(todo_news(&free, now, false), None, "nobody's and no account's");
}

#[test]
fn tickets_are_news_when_they_are_urgent_or_escalated() {
    let ticket = |change, after| news_of(&entry(change, Subject::Ticket, json!({}), after)).map(|news| news.what);
    let urgent = ticket(Change::Created, json!({"subject": "Down  since\nnine", "severity": "urgent"}));
    assert_eq!(urgent, Some(What::TicketUrgent { subject: "Down since nine".into(), escalated: false }));
    assert_eq!(ticket(Change::Created, json!({"subject": "Hello", "severity": "high"})), None);
    assert_eq!(ticket(Change::Created, json!({"severity": "urgent", "resolved_at": 5})), None, "old news");
    let escalated = ticket(Change::Updated, json!({"escalated_at": 5}));
    assert!(escalated.is_some_and(|what| what.is_critical()));
}

#[test]
fn a_renewal_is_told_at_each_mark_once() {
    let now = at("2026-11-21T09:00:00Z");
    let mut account = Account::new(AccountId(Uuid::from_u128(9)), "Acme".into(), now);
    let mut told = |days: i64| {
        account.renewal_at = Some(now.plus_days(days).day_start());
        renewal_news(&account, now).map(|news| match news.what {
            What::RenewalNear { days, .. } => (days, news.fingerprint),
            other => panic!("{other:?}"),
        })
    };
    for quiet in [91, 86, 31, 26, 8, 3, 0, -1] {
        assert_eq!(told(quiet), None, "{quiet} days");
    }
    for (days, mark) in [(90, 90), (87, 90), (30, 30), (27, 30), (7, 7), (4, 7)] {
        assert_eq!(told(days).unwrap().0, mark, "{days} days");
    }
}

/// A notice that an account is the reader's.
fn notice(number: u128, account: Option<u128>, minute: i64) -> Notice {
    Notice {
        id: NoticeId(Uuid::from_u128(number)),
        what: What::Assigned { accounts: 1 },
        at: Timestamp(minute * 60_000),
        account: account.map(|id| AccountId(Uuid::from_u128(id))),
        account_name: account.map(|id| format!("Account {id}")),
        actor: None,
        read_at: None,
        snoozed_until: None,
    }
}

#[test]
fn notices_are_put_together_by_account() {
    let notice = |number, account| notice(number, account, 0);
    let groups = grouped(vec![notice(4, Some(1)), notice(3, None), notice(2, Some(1)), notice(1, Some(2))]);
    let sizes: Vec<_> = groups.iter().map(|group| group.notices.len()).collect();
    assert_eq!(sizes, [2, 1, 1]);
    assert_eq!(groups[0].heading, Heading::Account(AccountId(Uuid::from_u128(1)), "Account 1".into()));
    assert_eq!(groups[1].heading, Heading::Nothing);
    assert_eq!(notice(1, Some(2)).href(), format!("/accounts/{}", Uuid::from_u128(2)));
    assert_eq!(notice(1, None).href(), "/accounts?view=mine");
}

/// Notices of a row of minutes, newest first; below zero, of another kind.
fn told_at(minutes: &[i64]) -> Vec<Notice> {
    let count = minutes.len() as u128;
    let of = |(place, minute): (usize, &i64)| {
        let mut notice = notice(count - place as u128, Some(place as u128), minute.abs());
        if *minute < 0 {
            notice.what = What::ImportFinished { file: "a.csv".into() };
        }
        notice
    };
    minutes.iter().enumerate().map(of).collect()
}

#[test]
fn many_of_one_kind_within_a_short_time_are_one_entry() {
    let shown = |minutes: &[i64]| -> Vec<(bool, usize)> {
        let is_storm = |group: &Group| matches!(group.heading, Heading::Storm(Event::Assigned));
        grouped(told_at(minutes)).iter().map(|group| (is_storm(group), group.notices.len())).collect()
    };
    for (minutes, expected) in [
        (&[20, 19, 18, 17, 16, 15][..], &[(true, 6)][..]),
        (&[20, 19, 18, 17, 16], &[(false, 1); 5]),
        // The eleventh minute is another time.
        (&[20, 19, 18, 17, 16, 9], &[(false, 1); 6]),
        (&[20, 19, 18, 17, 16, 10, 9], &[(true, 6), (false, 1)]),
        // What is of another kind stays by itself, wherever it came.
        (&[20, 19, -18, 17, 16, 15, 14], &[(true, 6), (false, 1)]),
        (&[-21, 20, 19, 18, 17, 16, 15, -2], &[(false, 1), (true, 6), (false, 1)]),
        (&[], &[]),
    ] {
        assert_eq!(shown(minutes), expected, "{minutes:?}");
    }
}

#[test]
fn a_page_ends_between_two_entries() {
    let storm = [30, 29, 28, -27, 26, 25, 24, 5, 4];
    for (minutes, limit, is_all, expected) in [
        // The one in the middle is on the page with the six around it.
        (&storm[..], 1, false, Some(7)),
        (&storm, 2, false, Some(7)),
        (&storm, 3, true, Some(8)),
        (&storm, 99, true, Some(9)),
        (&storm, 99, false, None),
        // Whether five more come that belong to the first cannot be told yet.
        (&storm[..3], 1, false, None),
        (&storm[..3], 1, true, Some(1)),
        (&[], 5, true, Some(0)),
        (&[], 5, false, None),
    ] {
        assert_eq!(enough(&told_at(minutes), limit, is_all), expected, "{minutes:?} {limit} {is_all}");
    }
}
