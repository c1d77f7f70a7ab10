use uuid::Uuid;

use super::super::alert::{Alert, Kind, Outcome};
use super::super::engine::{Found, Gathering, Moved, Standing, Watch, Whole, gather, look_at_all};
use super::super::facts::Portfolio;
use super::super::rule::Rule;
use super::super::{Step, built_in, take};
use super::DAY;
use crate::id::{AccountId, AlertId};
use crate::money::Currency;
use crate::time::Timestamp;

fn built(key: &str) -> Rule {
    built_in().into_iter().find(|rule| rule.key.as_deref() == Some(key)).unwrap()
}

fn fell(number: u128, cause: &str) -> Alert {
    let mut alert = Alert {
        id: AlertId(Uuid::from_u128(number)),
        account_id: Some(AccountId(Uuid::from_u128(number))),
        rule_id: built("score_drop").id,
        created_at: DAY,
        ..Alert::blank()
    };
    (alert.reason.key, alert.reason.cause) = ("score_drop".to_owned(), Some(cause.to_owned()));
    alert
}

#[test]
fn many_accounts_that_fall_for_one_cause_are_one_alert_with_members() {
    let rule = built("many_falling");
    let by = |now: Timestamp| Gathering { rule: &rule, typical_minor: 1_000, now };
    let mut new_id = || AlertId(Uuid::from_u128(1_000));
    let mut open: Vec<Alert> = (1..5).map(|number| fell(number, "tickets")).collect();
    open.push(fell(9, "usage"));
    assert!(gather(&open, &[], &by(DAY), &mut new_id).is_empty(), "four are not many");
    open.push(fell(5, "tickets"));
    let moves = gather(&open, &[], &by(DAY), &mut new_id);
    let group = moves.iter().find(|one| one.moved == Moved::Raised).unwrap().alert.clone();
    assert_eq!((moves.len(), group.members.len(), group.kind), (6, 5, Kind::Portfolio));
    for one in moves.iter().filter(|one| one.moved == Moved::Updated) {
        assert_eq!(one.alert.group, Some(group.id));
        open.retain(|alert| alert.id != one.alert.id);
        open.push(one.alert.clone());
    }
    open.push(fell(6, "tickets"));
    let moves = gather(&open, std::slice::from_ref(&group), &by(DAY.plus_days(1)), &mut new_id);
    assert_eq!(moves.len(), 2, "one more joins");
    assert_eq!(moves.iter().find(|one| one.alert.id == group.id).unwrap().alert.members.len(), 6);
    let moves = gather(&[], &[group], &by(DAY.plus_days(2)), &mut new_id);
    assert_eq!(moves[0].alert.outcome, Some(Outcome::Cleared), "it ends with its members");
}

#[test]
fn the_portfolio_is_at_risk_once_it_has_been_for_a_while() {
    let rules = [built("portfolio_risk"), built("many_falling")];
    let (mut watch, mut new_id) = (Watch::default(), || AlertId(Uuid::from_u128(1)));
    let mut look = |pct: f64, alerts: &[Alert], minutes: i64| {
        let portfolio = Portfolio { average_churn_probability: Some(pct), accounts: 9.0, ..Portfolio::default() };
        let whole = Whole { portfolio: &portfolio, at_risk_minor: 500, currency: Currency::USD, typical_minor: 1_000 };
        let now = Timestamp(DAY.0 + minutes * 60_000);
        let found = look_at_all(&rules, &whole, Standing { alerts, watch: &watch }, now, &mut new_id);
        watch = found.watch.clone();
        found
    };
    let found = look(36.0, &[], 0);
    assert_eq!((found.moves.len(), found.due), (0, Timestamp(DAY.0 + 15 * 60_000)));
    assert!(look(34.0, &[], 10).moves.is_empty(), "a break");
    assert!(look(36.0, &[], 12).moves.is_empty());
    let raised = look(36.0, &[], 30).moves.remove(0).alert;
    assert_eq!(raised.quoted("average_churn_probability").unwrap().value, 36.0);
    assert!(look(32.0, std::slice::from_ref(&raised), 40).moves.is_empty(), "not yet over");
    assert_eq!(look(29.0, &[raised], 50).moves[0].moved, Moved::Resolved);
}

/// Looks at a portfolio of which nothing is remembered.
fn look(rule: &Rule, pct: f64, alerts: &[Alert], now: Timestamp) -> Found {
    let portfolio = Portfolio { average_churn_probability: Some(pct), accounts: 9.0, ..Portfolio::default() };
    let whole = Whole { portfolio: &portfolio, at_risk_minor: 500, currency: Currency::USD, typical_minor: 1_000 };
    let standing = Standing { alerts, watch: &Watch::default() };
    look_at_all(std::slice::from_ref(rule), &whole, standing, now, &mut || AlertId(Uuid::from_u128(1)))
}

fn at_risk() -> (Rule, Alert) {
    let rule = Rule { for_minutes: 0, ..built("portfolio_risk") };
    let alert = look(&rule, 36.0, &[], DAY).moves.remove(0).alert;
    (rule, alert)
}

fn group() -> (Rule, Vec<Alert>, Alert) {
    let rule = built("many_falling");
    let open: Vec<Alert> = (1..6).map(|number| fell(number, "tickets")).collect();
    let by = Gathering { rule: &rule, typical_minor: 1_000, now: DAY };
    let moves = gather(&open, &[], &by, &mut || AlertId(Uuid::from_u128(1_000)));
    let (group, members): (Vec<_>, Vec<_>) = moves.into_iter().partition(|one| one.moved == Moved::Raised);
    (rule, members.into_iter().map(|one| one.alert).collect(), group[0].alert.clone())
}

fn put_aside(alert: &Alert, until: Timestamp) -> Alert {
    let snooze = Step::Snooze { until: Some(until), condition: None, note: String::new() };
    take(alert, &snooze, None, DAY).unwrap().unwrap()
}

#[test]
fn an_alert_about_the_portfolio_that_was_put_aside_is_back_on_its_day() {
    let (rule, alert) = at_risk();
    let until = Timestamp(DAY.0 + 3_600_000);
    let aside = [put_aside(&alert, until)];
    let found = look(&rule, 36.0, &aside, DAY);
    assert_eq!((found.moves.len(), found.due), (0, until), "it is looked at then");
    let back = look(&rule, 36.0, &aside, until).moves.remove(0);
    assert_eq!((back.moved, back.alert.snoozed_at), (Moved::Woken, None));
}

#[test]
fn a_group_that_was_put_aside_is_back_on_its_day() {
    let (rule, members, group) = group();
    let until = DAY.plus_days(2);
    let aside = [put_aside(&group, until)];
    let mut new_id = || AlertId(Uuid::from_u128(1));
    let by = |now: Timestamp| Gathering { rule: &rule, typical_minor: 1_000, now };
    assert!(gather(&members, &aside, &by(DAY.plus_days(1)), &mut new_id).is_empty());
    let back = gather(&members, &aside, &by(until), &mut new_id).remove(0);
    assert_eq!((back.moved, back.alert.snoozed_at), (Moved::Woken, None));
}

#[test]
fn alerts_about_many_accounts_end_with_their_rule() {
    let (rule, alert) = at_risk();
    let off = Rule { off_at: Some(DAY), ..rule };
    assert_eq!(look(&off, 36.0, &[alert], DAY).moves.remove(0).alert.outcome, Some(Outcome::RuleOff));
    let (rule, members, group) = group();
    let off = Rule { off_at: Some(DAY), ..rule };
    let by = Gathering { rule: &off, typical_minor: 1_000, now: DAY };
    let moves = gather(&members, &[group], &by, &mut || AlertId(Uuid::from_u128(1)));
    assert_eq!((moves.len(), moves[0].alert.outcome), (1, Some(Outcome::RuleOff)));
}

#[test]
fn an_end_that_overlaps_its_condition_ends_nothing_about_the_portfolio_either() {
    let (rule, alert) = at_risk();
    let overlapping = Rule { clear: Some("average_churn_probability < 50".to_owned()), ..rule };
    assert!(look(&overlapping, 40.0, std::slice::from_ref(&alert), DAY).moves.is_empty());
    assert_eq!(look(&overlapping, 34.0, &[alert], DAY).moves[0].moved, Moved::Resolved);
}
