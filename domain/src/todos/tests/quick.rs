use super::*;
use crate::alerts::Priority;
use crate::id::UserId;
use crate::identity::{Role, User};
use crate::todos::quick::{LINE_CHARS_MAX, Quick, read};

fn people() -> Vec<User> {
    ["Maya Stone", "Milo Stone", "Ada"]
        .iter()
        .enumerate()
        .map(|(place, name)| User {
            id: UserId(Uuid::from_u128(place as u128 + 1)),
            email: String::new(),
            name: (*name).to_owned(),
            role: Role::Csm,
            team: None,
            created_at: NOW,
            deactivated_at: None,
            signed_in_at: None,
        })
        .collect()
}

fn heard(line: &str) -> Quick {
    read(line, here(), &people())
}

#[test]
fn the_line_of_the_guide_is_understood() {
    let quick = heard("call Ada tomorrow 9:00 !high every monday @Acme");
    assert_eq!(quick.title, "call Ada");
    assert_eq!(quick.due, Some(When { day: day("2026-11-22"), minute: Some(540) }));
    assert_eq!(quick.priority, Some(Priority::High));
    assert_eq!(quick.repeat, Some(Repeat::Weeks { every: 1, on: vec![0] }));
    assert_eq!((quick.account.as_deref(), quick.person), (Some("Acme"), None));
    assert!(quick.draft().checked(here().today).is_ok());
}

#[test]
fn days_and_times_are_read_as_people_write_them() {
    // Today is Saturday, 21 November 2026, nine o'clock.
    let table = [
        ("x today", "2026-11-21", None),
        ("x Monday", "2026-11-23", None),
        ("x saturday", "2026-11-28", None),
        ("x this saturday", "2026-11-21", None),
        ("x by fri", "2026-11-27", None),
        ("x next friday", "2026-11-27", None),
        ("x next week", "2026-11-23", None),
        ("x next month", "2026-12-01", None),
        ("x in 3 days", "2026-11-24", None),
        ("x in a week", "2026-11-28", None),
        ("x in 3 months", "2027-02-21", None),
        ("x 2026-12-24", "2026-12-24", None),
        ("x on 1 dec", "2026-12-01", None),
        ("x Dec 1st", "2026-12-01", None),
        ("x 1 march", "2027-03-01", None),
        ("x 29 feb", "2028-02-29", None),
        ("x 5 May 2028", "2028-05-05", None),
        ("x 10:30", "2026-11-21", Some(630)),
        ("x 8:30", "2026-11-22", Some(510)),
        ("x tomorrow at 9", "2026-11-22", Some(540)),
        ("x 9:30pm today", "2026-11-21", Some(1_290)),
        ("x 12am tomorrow", "2026-11-22", Some(0)),
        ("x tomorrow at 2 pm", "2026-11-22", Some(840)),
        ("x monday noon", "2026-11-23", Some(720)),
    ];
    for (line, date, minute) in table {
        let quick = heard(line);
        assert_eq!((quick.title.as_str(), quick.due), ("x", Some(When { day: day(date), minute })), "{line}");
    }
}

#[test]
fn repetitions_are_read_and_begin_with_the_first_day_that_fits() {
    let weeks = |every, on: &[u8]| Repeat::Weeks { every, on: on.to_vec() };
    let months = |every, day| Repeat::Months { every, day };
    let table = [
        ("x every day", Repeat::Days { every: 1 }, "2026-11-21"),
        ("x daily 8:00", Repeat::Days { every: 1 }, "2026-11-22"),
        ("x every other day", Repeat::Days { every: 2 }, "2026-11-21"),
        ("x every 10 days from monday", Repeat::Days { every: 10 }, "2026-11-23"),
        ("x every weekday", weeks(1, &[0, 1, 2, 3, 4]), "2026-11-23"),
        ("x every monday, wed and friday", weeks(1, &[0, 2, 4]), "2026-11-23"),
        ("x weekly", weeks(1, &[5]), "2026-11-21"),
        ("x weekly on Tuesdays", weeks(1, &[1]), "2026-11-24"),
        ("x every 2 weeks on thu", weeks(2, &[3]), "2026-11-26"),
        ("x every other friday", weeks(2, &[4]), "2026-11-27"),
        ("x monthly", months(1, 21), "2026-11-21"),
        ("x every month on the 31st", months(1, 31), "2026-11-30"),
        ("x every 15th", months(1, 15), "2026-12-15"),
        ("x every quarter on the 1st", months(3, 1), "2026-12-01"),
        ("x yearly 24 december", months(12, 24), "2026-12-24"),
    ];
    for (line, repeat, first) in table {
        let quick = heard(line);
        assert_eq!((quick.title.as_str(), quick.repeat), ("x", Some(repeat)), "{line}");
        assert_eq!(quick.due.map(|due| due.day), Some(day(first)), "{line}");
    }
}

#[test]
fn reminders_names_and_marks_are_read() {
    let remind = |line: &str| heard(line).remind.map(|when| (when.day.iso_date(), when.minute));
    assert_eq!(remind("x friday remind 8:30"), Some(("2026-11-27".to_owned(), Some(510))));
    assert_eq!(remind("x friday remind me 2 days before"), Some(("2026-11-25".to_owned(), Some(480))));
    assert_eq!(remind("x friday remind 1 week before at 10"), Some(("2026-11-20".to_owned(), Some(600))));
    assert_eq!(remind("x friday remind tomorrow 7:00"), Some(("2026-11-22".to_owned(), Some(420))));
    let quick = heard("send the offer +maya @\"North Wind Ltd\" !!!");
    assert_eq!((quick.title.as_str(), quick.account.as_deref()), ("send the offer", Some("North Wind Ltd")));
    assert_eq!((quick.person, quick.priority), (Some(UserId(Uuid::from_u128(1))), Some(Priority::Critical)));
}

#[test]
fn what_is_not_understood_stays_in_the_title() {
    for line in [
        "call Ada",
        "ask +stone about it",
        "ask +nobody about it",
        "read the mail of ada@acme.example",
        "explain chapter 9",
        "every now and then",
        "remind them of the offer",
        "check 25:00 and 9:75",
        "the sun and the sat receiver",
        "!important thing",
        "buy 1 + 1 licences",
        "write in 3 words",
        "on and by and due",
        "@",
        "next",
    ] {
        let quick = heard(line);
        assert_eq!(quick, Quick { title: line.to_owned(), ..Quick::default() }, "{line}");
    }
    assert_eq!(heard("move from monday to friday").title, "move to friday", "the first day counts");
    assert_eq!(heard("   ").title, "");
    assert_eq!(heard(&"é".repeat(2 * LINE_CHARS_MAX)).title.chars().count(), LINE_CHARS_MAX);
}

#[test]
fn nothing_that_is_typed_makes_it_fall() {
    let parts = [
        "every",
        "other",
        "0",
        "1000",
        "99999999999999999999",
        "on",
        "the",
        "31st",
        "next",
        "in",
        "month",
        "remind",
        "me",
        "before",
        "days",
        "at",
        "pm",
        "9",
        "12:00am",
        "2026-99-99",
        "2026-02-30",
        "feb",
        "30",
        "@\"",
        "\"",
        "+",
        "!",
        "é",
        "ß…",
        "٣",
        "and",
        "monday",
    ];
    for a in parts {
        for b in parts {
            for c in parts {
                let _ = heard(&format!("{a} {b} {c}")).draft().checked(here().today);
            }
        }
    }
}
