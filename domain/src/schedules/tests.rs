//! When reports are sent, and to whom.

use uuid::Uuid;

use super::next::{ahead, next, wall};
use super::*;

fn timing(rhythm: Rhythm, minute: u16, zone: &str) -> Timing {
    Timing { rhythm, minute, zone: zone.to_owned() }
}

fn at(text: &str) -> Timestamp {
    let moment = chrono::DateTime::parse_from_rfc3339(text).unwrap();
    Timestamp(moment.timestamp_millis())
}

fn runs(timing: &Timing, after: &str, count: usize) -> Vec<String> {
    ahead(timing, at(after), count).unwrap().into_iter().map(|at| at.iso()[..16].to_owned()).collect()
}

#[test]
fn the_clock_on_the_wall_counts_and_not_the_hours_between() {
    let daily = timing(Rhythm::Day, 8 * 60, "Europe/Berlin");
    // Summer time begins on 29 March 2026 and ends on 25 October.
    assert_eq!(runs(&daily, "2026-03-28T00:00:00Z", 3), ["2026-03-28T07:00", "2026-03-29T06:00", "2026-03-30T06:00"]);
    assert_eq!(runs(&daily, "2026-10-24T00:00:00Z", 3), ["2026-10-24T06:00", "2026-10-25T07:00", "2026-10-26T07:00"]);
}

#[test]
fn a_time_that_the_clock_skips_comes_after_and_one_it_shows_twice_comes_once() {
    let skipped = timing(Rhythm::Day, 2 * 60 + 30, "Europe/Berlin");
    assert_eq!(runs(&skipped, "2026-03-28T12:00:00Z", 2), ["2026-03-29T01:00", "2026-03-30T00:30"]);
    let twice = timing(Rhythm::Day, 2 * 60 + 30, "Europe/Berlin");
    assert_eq!(runs(&twice, "2026-10-24T12:00:00Z", 2), ["2026-10-25T00:30", "2026-10-26T01:30"]);
    // In Havana it is one o'clock right after midnight: the run of that day is not the run of the day before.
    let midnight = timing(Rhythm::Day, 0, "America/Havana");
    assert_eq!(
        runs(&midnight, "2026-03-07T12:00:00Z", 3),
        ["2026-03-08T05:00", "2026-03-09T04:00", "2026-03-10T04:00"]
    );
}

#[test]
fn weeks_and_months_come_on_their_day() {
    let monday = timing(Rhythm::Week { weekday: 0 }, 9 * 60, "UTC");
    assert_eq!(runs(&monday, "2026-11-22T10:00:00Z", 2), ["2026-11-23T09:00", "2026-11-30T09:00"]);
    let last = timing(Rhythm::Month { day: 31 }, 9 * 60, "UTC");
    assert_eq!(
        runs(&last, "2027-01-30T09:00:00Z", 4),
        ["2027-01-31T09:00", "2027-02-28T09:00", "2027-03-31T09:00", "2027-04-30T09:00"]
    );
    let leap = timing(Rhythm::Month { day: 29 }, 0, "UTC");
    assert_eq!(runs(&leap, "2028-02-01T00:00:00Z", 1), ["2028-02-29T00:00"]);
}

#[test]
fn the_next_run_is_always_after_and_each_period_has_one() {
    let zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"];
    for zone in zones {
        for minute in [0, 90, 150, 1_439] {
            for rhythm in [Rhythm::Day, Rhythm::Week { weekday: 6 }, Rhythm::Month { day: 30 }] {
                let timing = timing(rhythm, minute, zone);
                let found = ahead(&timing, at("2026-01-01T00:00:00Z"), 40).unwrap();
                let days: Vec<Timestamp> = found.iter().map(|at| wall(*at, zone).0).collect();
                assert!(found.windows(2).all(|pair| pair[0] < pair[1]), "{timing:?}");
                assert!(days.windows(2).all(|pair| pair[0] < pair[1]), "{timing:?}: two on one day");
                let exactly = found[0];
                assert!(next(&timing, exactly).unwrap() > exactly, "{timing:?}: not the same again");
                assert_eq!(next(&timing, Timestamp(exactly.0 - 1)).unwrap(), exactly, "{timing:?}");
            }
        }
    }
}

#[test]
fn what_no_clock_shows_is_refused() {
    assert!(next(&timing(Rhythm::Day, 0, "Europe/Atlantis"), Timestamp(0)).is_err());
    let person = Recipient::User(UserId(Uuid::nil()));
    let draft = |rhythm, minute, recipients: Vec<Recipient>| ScheduleDraft {
        report_id: ReportId(Uuid::nil()),
        timing: timing(rhythm, minute, "UTC"),
        recipients,
        csv: true,
        pdf: false,
    };
    let fine =
        draft(Rhythm::Day, 1_439, vec![Recipient::Outside(" Bo@Example.com ".into()), person.clone(), person.clone()]);
    let fine = fine.checked().unwrap();
    assert_eq!(fine.recipients, [person.clone(), Recipient::Outside("bo@example.com".into())], "each once");
    let many = (0..=RECIPIENTS_MAX).map(|n| Recipient::Outside(format!("p{n}@example.com"))).collect();
    for (field, draft) in [
        ("minute", draft(Rhythm::Day, 1_440, vec![person.clone()])),
        ("weekday", draft(Rhythm::Week { weekday: 7 }, 0, vec![person.clone()])),
        ("day", draft(Rhythm::Month { day: 0 }, 0, vec![person.clone()])),
        ("day", draft(Rhythm::Month { day: 32 }, 0, vec![person])),
        ("recipients", draft(Rhythm::Day, 0, Vec::new())),
        ("recipients", draft(Rhythm::Day, 0, many)),
        ("recipients", draft(Rhythm::Day, 0, vec![Recipient::Outside("bo@example.com\r\nBcc: all@x.y".into())])),
    ] {
        let Err(Refusal::Invalid(errors)) = draft.clone().checked() else { panic!("{field}: {draft:?}") };
        assert_eq!(errors[0].field, field);
    }
}
