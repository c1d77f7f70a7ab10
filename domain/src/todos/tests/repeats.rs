use chrono::Datelike;
use proptest::prelude::*;

use super::*;

fn next(repeat: &Repeat, due: &str, today: &str) -> String {
    repeat.next(day(due), day(today)).map(Timestamp::iso_date).unwrap_or_default()
}

#[test]
fn the_thirty_first_is_the_last_day_of_shorter_months_and_comes_back() {
    let monthly = Repeat::Months { every: 1, day: 31 };
    let mut days = vec!["2027-01-31".to_owned()];
    for _ in 0..5 {
        let last = days.last().unwrap().clone();
        days.push(next(&monthly, &last, &last));
    }
    assert_eq!(days, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"]);
}

#[test]
fn the_leap_day_comes_every_fourth_year_as_itself() {
    let yearly = Repeat::Months { every: 12, day: 29 };
    let mut days = vec!["2028-02-29".to_owned()];
    for _ in 0..4 {
        let last = days.last().unwrap().clone();
        days.push(next(&yearly, &last, &last));
    }
    assert_eq!(days, ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]);
}

#[test]
fn weeks_are_counted_from_the_week_of_the_last_one() {
    let table = [
        (1, vec![0, 3], "2026-11-23", "2026-11-26"),
        (1, vec![0, 3], "2026-11-26", "2026-11-30"),
        (2, vec![0, 3], "2026-11-23", "2026-11-26"),
        (2, vec![0, 3], "2026-11-26", "2026-12-07"),
        (1, vec![5], "2026-11-21", "2026-11-28"),
        (1, vec![6], "2026-11-21", "2026-11-22"),
    ];
    for (every, on, due, wanted) in table {
        assert_eq!(next(&Repeat::Weeks { every, on }, due, due), wanted, "every {every} from {due}");
    }
}

#[test]
fn what_was_missed_is_passed_over_and_keeps_its_step() {
    assert_eq!(next(&Repeat::Days { every: 1 }, "2026-11-10", "2026-11-21"), "2026-11-21");
    assert_eq!(next(&Repeat::Days { every: 3 }, "2026-11-10", "2026-11-21"), "2026-11-22");
    assert_eq!(next(&Repeat::Weeks { every: 1, on: vec![0] }, "2026-11-02", "2026-11-21"), "2026-11-23");
    assert_eq!(next(&Repeat::Months { every: 1, day: 15 }, "2026-08-15", "2026-11-21"), "2026-12-15");
    // Done early, it comes after the one that was done.
    assert_eq!(next(&Repeat::Days { every: 1 }, "2026-11-25", "2026-11-21"), "2026-11-26");
    // An odd first day is followed by the regular one.
    assert_eq!(next(&Repeat::Months { every: 1, day: 15 }, "2026-11-05", "2026-11-05"), "2026-11-15");
}

#[test]
fn the_first_day_is_the_next_one_that_fits() {
    let first = |repeat: Repeat| repeat.first(day("2026-11-21")).map(Timestamp::iso_date).unwrap();
    assert_eq!(first(Repeat::Days { every: 5 }), "2026-11-21");
    assert_eq!(first(Repeat::Weeks { every: 1, on: vec![0] }), "2026-11-23");
    assert_eq!(first(Repeat::Months { every: 1, day: 15 }), "2026-12-15");
    assert_eq!(first(Repeat::Months { every: 1, day: 31 }), "2026-11-30");
}

#[test]
fn what_never_comes_is_refused() {
    for wrong in [
        Repeat::Days { every: 0 },
        Repeat::Days { every: EVERY_MAX + 1 },
        Repeat::Weeks { every: 1, on: vec![] },
        Repeat::Weeks { every: 1, on: vec![7] },
        Repeat::Months { every: 1, day: 0 },
        Repeat::Months { every: 1, day: 32 },
    ] {
        assert!(wrong.clone().checked().is_err(), "{wrong:?}");
    }
    assert_eq!(Repeat::Weeks { every: 1, on: vec![4, 0, 4] }.checked(), Ok(Repeat::Weeks { every: 1, on: vec![0, 4] }),);
}

fn repeats() -> impl Strategy<Value = Repeat> {
    let weekdays = prop::collection::vec(0u8..7, 1..4);
    prop_oneof![
        (1u16..40).prop_map(|every| Repeat::Days { every }),
        (1u16..6, weekdays).prop_map(|(every, on)| Repeat::Weeks { every, on }),
        (1u16..15, 1u8..=31).prop_map(|(every, day)| Repeat::Months { every, day }),
    ]
}

proptest! {
    #[test]
    fn the_next_one_is_later_and_never_in_the_past(repeat in repeats(), due in 0i64..40_000, late in 0i64..900) {
        let repeat = repeat.checked().unwrap();
        let (due, today) = (Timestamp(due * DAY_MS), Timestamp((due + late) * DAY_MS));
        let next = repeat.next(due, today).unwrap();
        prop_assert!(next > due && next >= today);
        prop_assert_eq!(repeat.next(due, due).unwrap().max(today).min(next), today.max(repeat.next(due, due).unwrap()));
        let date = next.date().unwrap();
        match &repeat {
            Repeat::Days { every } => prop_assert_eq!(next.days_since(due) % i64::from(*every), 0),
            Repeat::Weeks { on, .. } => prop_assert!(on.contains(&(date.weekday().num_days_from_monday() as u8))),
            Repeat::Months { day, .. } => {
                let is_last = date.succ_opt().unwrap().day() == 1;
                prop_assert!(date.day() == u32::from(*day) || (is_last && date.day() < u32::from(*day)));
            }
        }
    }

    #[test]
    fn nothing_that_fits_is_left_out(repeat in repeats(), due in 0i64..40_000) {
        // Every single one: between two of a repetition that comes each time there is none.
        let repeat = match repeat.checked().unwrap() {
            Repeat::Weeks { on, .. } => Repeat::Weeks { every: 1, on },
            Repeat::Months { day, .. } => Repeat::Months { every: 1, day },
            days @ Repeat::Days { .. } => days,
        };
        let due = repeat.first(Timestamp(due * DAY_MS)).unwrap();
        let next = repeat.next(due, due).unwrap();
        if !matches!(repeat, Repeat::Days { .. }) {
            prop_assert_eq!(repeat.first(due.plus_days(1)).unwrap(), next);
        }
    }
}
