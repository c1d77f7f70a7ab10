use super::super::alert::{Alert, Priority, Rung};
use super::super::engine::Moved;
use super::super::facts::{Fact, Facts};
use super::super::ladder::{Calendar, Ladder};
use super::{Watched, rule};
use crate::time::Timestamp;

fn at(text: &str) -> Timestamp {
    let (day, hour) = text.split_once(' ').unwrap();
    let hour: i64 = hour.parse().unwrap();
    Timestamp(Timestamp::from_date(day.parse().unwrap()).0 + hour * 3_600_000)
}

#[test]
fn working_hours_leave_out_nights_weekends_and_days_off() {
    let utc = Calendar::default();
    // 20 November 2026 is a Friday.
    for (since, hours, expected) in [
        ("2026-11-19 10", 4, "2026-11-19 14"),
        ("2026-11-19 15", 4, "2026-11-20 11"),
        ("2026-11-20 15", 4, "2026-11-23 11"),
        ("2026-11-21 03", 1, "2026-11-23 10"),
        ("2026-11-19 20", 1, "2026-11-20 10"),
        ("2026-11-19 09", 16, "2026-11-20 17"),
    ] {
        assert_eq!(utc.after(at(since), hours).iso(), at(expected).iso(), "{since} + {hours}");
    }
    let off = Calendar { holidays: vec![at("2026-11-23 0")], ..utc };
    assert_eq!(off.after(at("2026-11-20 15"), 4), at("2026-11-24 11"));
    let tokyo = Calendar { offset_minutes: 9 * 60, holidays: Vec::new() };
    assert_eq!(tokyo.after(at("2026-11-19 0"), 2), at("2026-11-19 2"), "9 in Tokyo is midnight here");
}

#[test]
fn an_alert_goes_up_until_somebody_takes_it() {
    let mut alert = Alert { created_at: at("2026-11-19 10"), priority: Priority::Critical, ..Alert::blank() };
    let ladder = Ladder::of(alert.priority, Calendar::default()).unwrap();
    assert_eq!(ladder.next(&alert), Some(at("2026-11-19 14")));
    (alert.rung, alert.escalated_at) = (Rung::Manager, Some(at("2026-11-19 14")));
    assert_eq!(ladder.next(&alert), Some(at("2026-11-20 14")));
    alert.rung = Rung::Sponsor;
    assert_eq!(ladder.next(&alert), None);
    alert.rung = Rung::Owner;
    alert.acknowledged_at = Some(at("2026-11-19 11"));
    assert_eq!(ladder.next(&alert), None);
    assert!(Ladder::of(Priority::Low, Calendar::default()).is_none());
}

#[test]
fn an_account_is_due_at_the_moment_its_alert_goes_up() {
    let mut worth = rule("open_tickets > 3");
    (worth.urgency, worth.effort) = (3.0, 0.25);
    let mut watched = Watched::new(&[worth]);
    watched.has_ladder = true;
    let mut facts = Facts::default();
    facts.set(Fact::OpenTickets, 4.0);
    facts.set(Fact::ChurnProbability, 90.0);
    let raised = watched.look(&facts, None, at("2026-11-19 10"));
    assert_eq!((raised.moves[0].alert.priority, raised.due), (Priority::Critical, at("2026-11-19 14")));
    let higher = watched.look(&facts, None, at("2026-11-20 9"));
    assert_eq!((higher.moves[0].moved, higher.due), (Moved::Escalated, at("2026-11-20 17")), "and the next time");
}
