use super::super::alert::{Outcome, Priority, State};
use super::super::engine::{Moved, Standing, Watch};
use super::super::facts::{Fact, Facts, Known};
use super::super::{Dismissal, Inputs, Step, take};
use super::{DAY, Watched, health, rule};
use crate::accounts::Account;
use crate::health::Band;
use crate::id::{AlertId, UserId};
use crate::time::{DAY_MS, Timestamp};
use uuid::Uuid;

const HOUR_MS: i64 = DAY_MS / 24;

fn tickets(count: f64) -> Facts {
    let mut facts = Facts::default();
    facts.set(Fact::OpenTickets, count);
    facts
}

fn after_hours(hours: i64) -> Timestamp {
    Timestamp(DAY.0 + hours * HOUR_MS)
}

#[test]
fn the_same_thing_noticed_twice_is_one_alert_brought_up_to_date() {
    let mut watched = Watched::new(&[rule("open_tickets > 3")]);
    assert_eq!(watched.look(&tickets(4.0), None, DAY).moves[0].moved, Moved::Raised);
    assert!(watched.look(&tickets(4.0), None, after_hours(1)).moves.is_empty(), "nothing is new");
    let found = watched.look(&tickets(9.0), None, after_hours(2));
    assert_eq!(found.moves[0].moved, Moved::Updated);
    let alert = &watched.alerts[0];
    assert_eq!((watched.alerts.len(), alert.times), (1, 2));
    assert_eq!(alert.facts_then[0].value, 4.0);
    assert_eq!(alert.quoted("open_tickets").unwrap().value, 9.0);
}

#[test]
fn an_alert_ends_by_itself_and_says_so() {
    let mut watched = Watched::new(&[rule("open_tickets > 3")]);
    watched.look(&tickets(4.0), None, DAY);
    watched.look(&tickets(1.0), None, after_hours(5));
    let alert = &watched.alerts[0];
    assert_eq!((alert.state(), alert.outcome, alert.resolved_by), (State::Resolved, Some(Outcome::Cleared), None));
    assert_eq!(alert.resolved_at, Some(after_hours(5)));
}

#[test]
fn a_condition_must_hold_for_its_time_without_a_break() {
    let mut held = rule("open_tickets > 3");
    held.for_minutes = 24 * 60;
    let mut watched = Watched::new(&[held]);
    let found = watched.look(&tickets(4.0), None, DAY);
    assert_eq!((found.moves.len(), found.due), (0, after_hours(24)), "it is due when the time is over");
    watched.look(&tickets(2.0), None, after_hours(10));
    watched.look(&tickets(4.0), None, after_hours(12));
    assert!(watched.look(&tickets(4.0), None, after_hours(30)).moves.is_empty(), "the break began it anew");
    watched.look(&tickets(4.0), None, after_hours(36));
    assert_eq!(watched.alerts[0].first_seen, after_hours(12));
}

#[test]
fn the_gap_between_condition_and_end_keeps_an_alert_from_coming_and_going() {
    let mut gapped = rule("open_tickets > 5");
    (gapped.clear, gapped.clear_minutes) = (Some("open_tickets < 3".to_owned()), 120);
    let mut watched = Watched::new(&[gapped]);
    watched.look(&tickets(6.0), None, DAY);
    for (hour, count) in [(1, 4.0), (2, 6.0), (3, 5.0), (4, 2.0), (5, 4.0), (6, 2.0)] {
        watched.look(&tickets(count), None, after_hours(hour));
        assert!(!watched.alerts[0].is_closed(), "hour {hour}");
    }
    watched.look(&tickets(2.0), None, after_hours(8));
    assert!(watched.alerts[0].is_closed() && watched.alerts.len() == 1);
}

#[test]
fn after_its_end_there_is_a_pause() {
    let mut paused = rule("open_tickets > 3");
    paused.cooldown_days = 7;
    let mut watched = Watched::new(&[paused]);
    watched.look(&tickets(4.0), None, DAY);
    watched.look(&tickets(0.0), None, after_hours(24));
    let found = watched.look(&tickets(4.0), None, after_hours(30));
    assert_eq!((found.moves.len(), found.due), (0, DAY.plus_days(8)));
    watched.look(&tickets(4.0), None, DAY.plus_days(8));
    assert_eq!(watched.alerts.len(), 2);
}

#[test]
fn what_a_person_dismissed_is_not_said_again_until_it_was_over_once() {
    let mut watched = Watched::new(&[rule("open_tickets > 3")]);
    watched.look(&tickets(4.0), None, DAY);
    let no = Step::Dismiss { reason: Dismissal::Known, note: String::new() };
    let sam = Some(UserId(Uuid::from_u128(1)));
    watched.alerts[0] = take(&watched.alerts[0], &no, sam, after_hours(1)).unwrap().unwrap();
    assert!(watched.look(&tickets(8.0), None, DAY.plus_days(40)).moves.is_empty());
    watched.look(&tickets(0.0), None, DAY.plus_days(41));
    assert_eq!(watched.look(&tickets(4.0), None, DAY.plus_days(42)).moves[0].moved, Moved::Raised);
}

#[test]
fn a_pause_ends_on_its_day_or_with_its_condition() {
    let mut watched = Watched::new(&[rule("days_to_renewal < 50")]);
    let mut facts = tickets(2.0);
    facts.count(Fact::DaysToRenewal, Some(DAY.plus_days(40)), DAY);
    watched.look(&facts, None, DAY);
    let until = Some(DAY.plus_days(10));
    let snooze = Step::Snooze { until, condition: Some("open_tickets = 0".into()), note: String::new() };
    let put_aside = take(&watched.alerts[0], &snooze, None, after_hours(1)).unwrap().unwrap();
    watched.alerts[0] = put_aside.clone();
    let found = watched.look(&facts, None, DAY.plus_days(2));
    assert!(found.moves.is_empty(), "it is put aside");
    facts.set(Fact::OpenTickets, 0.0);
    assert_eq!(watched.look(&facts, None, DAY.plus_days(3)).moves[0].moved, Moved::Woken);
    watched.alerts[0] = put_aside;
    facts.set(Fact::OpenTickets, 2.0);
    assert_eq!(watched.look(&facts, None, DAY.plus_days(10)).moves[0].moved, Moved::Woken);
    assert_eq!(watched.alerts[0].snoozed_at, None);
}

#[test]
fn only_rules_that_read_what_changed_are_held_against_an_account() {
    let mut other = rule("tier = \"pro\"");
    other.id.0 = Uuid::from_u128(100);
    let watched = Watched::new(&[rule("open_tickets > 3"), other]);
    let facts = tickets(4.0);
    let known = Known::new(&watched.account, None, &facts);
    let (watch, mut new_id) = (Watch::default(), || AlertId(Uuid::from_u128(5)));
    let standing = Standing { alerts: &[], watch: &watch };
    let mut look = |changed: &Inputs| watched.engine.pass(DAY).look(&known, standing, Some(changed), &mut new_id);
    let mut changed = Inputs::default();
    changed.fields.insert("tier".to_owned());
    let found = look(&changed);
    assert_eq!((found.evaluated, found.moves.len()), (1, 0));
    changed = Inputs::default();
    changed.add_subject(crate::fields::Subject::Ticket);
    let found = look(&changed);
    assert_eq!((found.evaluated, found.moves.len()), (1, 1));
    assert_eq!(look(&Inputs::default()).evaluated, 0);
}

#[test]
fn time_alone_is_due_at_the_very_moment() {
    let mut watched = Watched::new(&[rule("days_since_touch > 30")]);
    let mut facts = Facts::default();
    facts.count(Fact::DaysSinceTouch, Some(DAY.plus_days(-27)), DAY);
    let mut at = DAY;
    for _ in 0..10 {
        at = watched.look(&facts, None, at).due;
        facts.at(at);
        if !watched.open().is_empty() {
            break;
        }
    }
    watched.look(&facts, None, at);
    assert_eq!(watched.alerts[0].created_at, DAY.plus_days(4), "31 days after the touch");
}

#[test]
fn an_account_that_has_left_or_is_out_of_scope_has_no_alerts() {
    let mut scoped = rule("open_tickets > 3");
    scoped.scope = "tier = \"pro\"".to_owned();
    let mut watched = Watched::new(&[scoped]);
    assert!(watched.look(&tickets(4.0), None, DAY).moves.is_empty());
    watched.account.tier = Some("pro".to_owned());
    watched.look(&tickets(4.0), None, DAY);
    assert_eq!(watched.open().len(), 1);
    watched.account.stage = Some("churned".to_owned());
    watched.look(&tickets(4.0), None, DAY);
    assert_eq!(watched.open().len(), 0);
}

#[test]
fn an_alert_ends_with_its_rule() {
    let mut watched = Watched::new(&[rule("open_tickets > 3")]);
    watched.look(&tickets(4.0), None, DAY);
    watched.engine = Watched::new(&[]).engine;
    watched.look(&tickets(4.0), None, after_hours(1));
    assert_eq!(watched.alerts[0].outcome, Some(Outcome::RuleOff));
}

#[test]
fn a_priority_follows_from_its_numbers() {
    let mut watched = Watched::new(&[rule("open_tickets > 3")]);
    let mut facts = tickets(4.0);
    facts.set(Fact::ChurnProbability, 60.0);
    facts.count(Fact::DaysToDeadline, Some(DAY.plus_days(20)), DAY);
    let critical = health(20.0, Band::Critical);
    watched.look(&facts, Some(&critical), DAY);
    let worth = &watched.alerts[0].worth;
    // The middle account's revenue, 0.6 likely, within 30 days (2), one hour.
    assert!((worth.value - 1.2).abs() < 1e-9, "{worth:?}");
    assert_eq!((worth.probability, worth.urgency, worth.effort, worth.days_left), (0.6, 2.0, 1.0, Some(20)));
    assert_eq!(watched.alerts[0].priority, Priority::High);
    facts.set(Fact::ChurnProbability, 10.0);
    watched.look(&facts, Some(&critical), after_hours(1));
    assert_eq!(watched.alerts[0].priority, Priority::Medium, "0.2: a change of priority is told at once");
}

#[test]
fn who_leaves_or_is_put_away_has_no_alerts_from_that_moment() {
    type Leave = fn(&mut Account);
    let leave: [(&str, Leave); 2] = [
        ("stage", |account| account.stage = Some("churned".to_owned())),
        ("archived_at", |account| account.archived_at = Some(after_hours(1))),
    ];
    for (field, leave) in leave {
        let mut watched = Watched::new(&[rule("open_tickets > 3")]);
        watched.look(&tickets(4.0), None, DAY);
        leave(&mut watched.account);
        let mut changed = Inputs::default();
        changed.add_field(field);
        assert!(watched.engine.reads(&changed), "{field}");
        watched.look_where(Some(&changed), &tickets(4.0), None, after_hours(1));
        assert_eq!(watched.alerts[0].outcome, Some(Outcome::Cleared), "{field}");
    }
}

#[test]
fn an_end_that_overlaps_the_condition_ends_nothing_while_that_holds() {
    let mut overlapping = rule("open_tickets > 3");
    overlapping.clear = Some("open_tickets < 6".to_owned());
    let mut watched = Watched::new(&[overlapping]);
    watched.look(&tickets(4.0), None, DAY);
    watched.look(&tickets(5.0), None, after_hours(1));
    assert!(!watched.alerts[0].is_closed(), "it would come again at once");
    watched.look(&tickets(3.0), None, after_hours(2));
    assert!(watched.alerts[0].is_closed());
}

#[test]
fn a_pause_that_can_no_longer_be_read_is_over() {
    let mut watched = Watched::new(&[rule("open_tickets > 3")]);
    watched.look(&tickets(4.0), None, DAY);
    let snooze = Step::Snooze { until: None, condition: Some("a_field_that_went = 1".into()), note: String::new() };
    watched.alerts[0] = take(&watched.alerts[0], &snooze, None, DAY).unwrap().unwrap();
    assert_eq!(watched.look(&tickets(4.0), None, after_hours(1)).moves[0].moved, Moved::Woken);
}
