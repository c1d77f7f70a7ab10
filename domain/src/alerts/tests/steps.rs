use uuid::Uuid;

use super::super::alert::{Alert, Dismissal, Outcome, Rung, State};
use super::super::{Step, take};
use super::DAY;
use crate::id::{AccountId, UserId};
use crate::refusal::Refusal;

fn done(alert: &Alert, step: &Step) -> Alert {
    take(alert, step, Some(sam()), DAY).unwrap().unwrap()
}

fn sam() -> UserId {
    UserId(Uuid::from_u128(1))
}

#[test]
fn a_life_goes_through_its_states() {
    let new = Alert::blank();
    assert_eq!(new.state(), State::New);
    let seen = done(&new, &Step::Acknowledge);
    assert_eq!((seen.state(), seen.acknowledged_by), (State::Acknowledged, Some(sam())));
    assert_eq!(take(&seen, &Step::Acknowledge, Some(sam()), DAY), Ok(None), "twice is once");
    let begun = done(&new, &Step::Start);
    assert_eq!((begun.state(), begun.acknowledged_at), (State::InProgress, Some(DAY)));
    let over = done(&begun, &Step::Resolve { outcome: Outcome::Handled, note: "Called.".into() });
    assert_eq!((over.state(), over.notes[0].text.as_str()), (State::Resolved, "Called."));
    let again = done(&over, &Step::Reopen);
    assert_eq!((again.state(), again.outcome), (State::InProgress, None));
    let none = done(&new, &Step::Dismiss { reason: Dismissal::NotTrue, note: String::new() });
    assert_eq!(none.state(), State::Dismissed);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let alert = Alert::blank();
    let refused = |alert: &Alert, step: Step| take(alert, &step, Some(sam()), DAY).unwrap_err();
    let over = done(&alert, &Step::Resolve { outcome: Outcome::Handled, note: String::new() });
    assert!(matches!(refused(&over, Step::Acknowledge), Refusal::Conflict(_)));
    assert!(matches!(refused(&alert, Step::Note { text: "  ".into() }), Refusal::Invalid(_)));
    for (until, condition) in [(None, None), (Some(DAY), None), (Some(DAY.plus_days(400)), None), (None, Some("  "))] {
        let condition = condition.map(str::to_owned);
        let step = Step::Snooze { until, condition, note: String::new() };
        assert!(matches!(refused(&alert, step), Refusal::Invalid(_)));
    }
    let other = Step::Dismiss { reason: Dismissal::Other, note: String::new() };
    assert!(matches!(refused(&alert, other), Refusal::Invalid(_)), "another reason must be said");
    let by_itself = Step::Resolve { outcome: Outcome::Cleared, note: String::new() };
    assert!(matches!(refused(&alert, by_itself), Refusal::Invalid(_)), "people cannot say that it ended by itself");
    let mut top = alert.clone();
    top.rung = Rung::Sponsor;
    assert!(matches!(refused(&top, Step::Escalate { note: String::new() }), Refusal::Conflict(_)));
}

#[test]
fn only_what_is_about_one_account_waits_for_something_to_be_true_of_it() {
    let many = Alert::blank();
    let one = Alert { account_id: Some(AccountId(Uuid::from_u128(7))), ..Alert::blank() };
    let until = Some(DAY.plus_days(3));
    let wait = Step::Snooze { until, condition: Some("open_tickets = 0".into()), note: String::new() };
    assert!(done(&one, &wait).is_snoozed(DAY));
    let Err(Refusal::Invalid(wrong)) = take(&many, &wait, Some(sam()), DAY) else { panic!("it was taken") };
    assert_eq!(wrong[0].field, "condition");
    let day = Step::Snooze { until, condition: Some(" ".into()), note: String::new() };
    assert!(done(&many, &day).is_snoozed(DAY));
}

#[test]
fn an_alert_survives_its_document() {
    let alert = done(&Alert::blank(), &Step::Note { text: "Hm.".into() });
    let text = serde_json::to_string(&alert).unwrap();
    assert_eq!(serde_json::from_str::<Alert>(&text).unwrap(), alert);
}
