use std::str::FromStr;

use serde_json::json;

use super::*;
use crate::money::Currency;
use crate::time::DAY_MS;

const NOW: Timestamp = Timestamp(20_778 * DAY_MS + 9 * 3_600_000);
const RULE: u128 = 7;

fn id(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(number))
}

/// A risk that was told so many days ago.
fn risk(account: u128, days_ago: i64) -> Told {
    Told {
        account_id: id(account),
        rule_id: RuleId(Uuid::from_u128(RULE)),
        kind: crate::alerts::Kind::Risk,
        created_at: NOW.plus_days(-days_ago),
        acknowledged_at: None,
        started_at: None,
        resolved_at: None,
        resolved_by: None,
        dismissed_at: None,
        outcome: None,
    }
}

fn begun(told: Told, days_after: i64) -> Told {
    Told { started_at: Some(told.created_at.plus_days(days_after)), ..told }
}

/// Accounts that paid 1,200 a year since long ago, and those among them that left so many days ago.
fn paying(accounts: &[(u128, Option<i64>)]) -> Ends {
    let paid = |arr: i64| {
        let mut terms = Terms::default();
        terms.apply(json!({ "arr_minor": arr, "currency": "EUR" }).as_object().unwrap());
        terms
    };
    let ends = |left: &Option<i64>| {
        let mut ends = vec![(NOW.day_start().plus_days(-2_000), paid(120_000))];
        ends.extend(left.map(|days| (NOW.day_start().plus_days(-days), paid(0))));
        ends
    };
    accounts.iter().map(|(account, left)| (id(*account).0, ends(left))).collect()
}

#[test]
fn who_left_was_warned_of_by_the_first_risk_of_the_year_before() {
    let ends = paying(&[(1, Some(10)), (2, Some(10)), (3, Some(10)), (4, Some(10)), (5, Some(120)), (6, None)]);
    let mut long_over = risk(3, 500);
    long_over.resolved_at = Some(NOW.plus_days(-480));
    let told = [risk(1, 70), risk(1, 40), risk(2, 15), long_over, risk(4, 10), risk(6, 20)];
    let found = value(&told, &ends, NOW, 90);
    let warning = &found.warning.0;
    assert_eq!((warning.left, warning.warned, warning.early), (4, 2, 1), "{:?}", found.departures);
    assert_eq!(warning.middle_days, Some(4));
    let euro = |minor: i64| vec![Money { minor, currency: Currency::from_str("EUR").unwrap() }];
    assert_eq!((warning.annual.clone(), warning.early_annual.clone()), (euro(480_000), euro(120_000)));
    assert_eq!((found.warning.1.left, found.warning.1.warned), (1, 0), "who left before is the stretch before");
    let days: Vec<Option<i64>> = found.departures.iter().map(|one| one.days).collect();
    assert_eq!(days, [Some(59), Some(4), None, None], "what was told on the day they left is no warning");
}

#[test]
fn a_warning_of_years_ago_that_is_still_open_counts_a_year() {
    let found = value(&[risk(1, 900)], &paying(&[(1, Some(10))]), NOW, 90);
    assert_eq!(found.departures[0].days, Some(WARNED_DAYS));
}

#[test]
fn how_soon_people_looked_stands_beside_the_stretch_before() {
    let seen = |told: Told, hours: i64| Told {
        acknowledged_at: Some(Timestamp(told.created_at.0 + hours * 3_600_000)),
        ..told
    };
    let dismissed = Told { dismissed_at: Some(NOW.plus_days(-1)), ..risk(4, 3) };
    let told = [seen(risk(1, 5), 2), seen(risk(2, 6), 30), risk(3, 7), dismissed, seen(risk(5, 100), 4)];
    let (now, before) = value(&told, &Ends::new(), NOW, 90).pace;
    assert_eq!((now.told, now.seen, now.within_day, now.middle_ms), (4, 3, 1, Some(30 * 3_600_000)));
    assert_eq!((before.told, before.seen, before.middle_ms), (1, 1, Some(4 * 3_600_000)));
}

#[test]
fn sides_are_those_acted_on_within_a_fortnight_and_all_are_followed_equally_long() {
    // Told 150 days ago, so that a fortnight and 90 days are over.
    let ends = paying(&[
        (1, None),
        (2, Some(60)),
        (3, None),
        (4, Some(60)),
        (5, Some(140)),
        (6, Some(20)),
        (7, None),
        (8, None),
    ]);
    let told = [
        begun(risk(1, 150), 3),
        begun(risk(2, 150), 13),
        begun(risk(3, 150), 20),
        risk(4, 150),
        risk(5, 150),
        begun(risk(6, 150), 1),
        begun(risk(7, 50), 1),
        risk(9, 150),
    ];
    let (acted, not) = value(&told, &ends, NOW, 90).kept;
    // 1 stayed; 2 left; 6 left after it had been followed. 3 was acted on too late and 4 not at all; 5 left before anybody
    // could; 7 cannot have been followed yet, and 9 never paid.
    assert_eq!((acted.accounts, acted.kept), (3, 2));
    assert_eq!((not.accounts, not.kept), (2, 1));
    assert_eq!(acted.annual[0].minor, 240_000);
}

#[test]
fn intervals_are_those_of_the_book() {
    // Newcombe 1998, table II, (a): 56 of 70 against 48 of 80, method 10: 0.0524 to 0.3339.
    let group = |accounts, kept| Group { accounts, kept, annual: Vec::new() };
    let found = Value { kept: (group(70, 56), group(80, 48)), ..Value::default() };
    let (difference, low, high) = found.uplift().unwrap();
    assert!(
        (difference - 20.0).abs() < 1e-9 && (low - 5.24).abs() < 0.005 && (high - 33.39).abs() < 0.005,
        "{low} {high}"
    );
    assert_eq!(Value { kept: (group(3, 1), group(0, 0)), ..Value::default() }.uplift(), None);
    let (low, high) = group(10, 10).interval().unwrap();
    assert!((0.7..0.73).contains(&low) && (high - 1.0).abs() < 1e-12, "{low} {high}");
}

#[test]
fn risks_get_narrower_from_step_to_step_and_each_end_has_its_name() {
    let by = Some(crate::id::UserId(Uuid::from_u128(1)));
    let closed = |told: Told, outcome| Told { resolved_at: Some(NOW), outcome: Some(outcome), ..told };
    use crate::alerts::Outcome;
    let told = [
        Told { resolved_by: by, ..closed(risk(1, 5), Outcome::Handled) },
        closed(begun(risk(2, 5), 1), Outcome::Cleared),
        closed(risk(3, 5), Outcome::Cleared),
        Told { resolved_by: by, ..closed(risk(4, 5), Outcome::Lost) },
        Told { dismissed_at: Some(NOW), ..risk(5, 5) },
        Told { acknowledged_at: Some(NOW), ..risk(6, 5) },
        risk(7, 5),
        closed(risk(8, 5), Outcome::RuleOff),
    ];
    let found = value(&told, &Ends::new(), NOW, 90);
    assert_eq!(found.funnel, Funnel { told: 8, seen: 5, acted: 3, helped: 2 });
    let count = |ending| found.rules[0].1.get(&ending).copied().unwrap_or_default();
    assert_eq!(Ending::ALL.map(count), [2, 1, 1, 0, 1]);
    assert_eq!(found.months.len(), 4, "every month of the stretch, whether or not something ended in it");
    assert_eq!(found.months.last().unwrap().1, found.rules[0].1);
    assert!(!found.is_empty() && value(&[], &Ends::new(), NOW, 90).is_empty());
}
