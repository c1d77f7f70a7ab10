//! The alerts of a demo portfolio: those that the engine would have raised in the last months, and what people did
//! with some of them then.

use domain::accounts::Account;
use domain::alerts::engine::{Move, Moved};
use domain::alerts::{Alert, Dismissal, Kind, Outcome, Priority, Step, take};
use domain::id::WorkspaceId;
use domain::identity::Actor;
use domain::time::{DAY_MS, Timestamp};

use super::{replay, watches};
use crate::error::Result;
use crate::pool::Db;

/// Days of the past that are played.
const DAYS: u32 = 240;
/// Days after which an alert that still holds would have come back had somebody closed it: the shortest pause.
const FRESH_DAYS: i64 = 5;
/// Alerts that are written in one transaction.
const STEP: usize = 1_000;

/// Plays the last months of a demo portfolio and writes its alerts with what people did. Their lines in the log are of
/// the present; their own moments are of the past.
pub async fn tell(db: &Db, workspace: WorkspaceId) -> Result<()> {
    let actor = Actor::system(workspace);
    let now = db.clock().now();
    let mut alerts = Vec::new();
    for (account, raised) in replay::raise(db, &actor, DAYS).await? {
        alerts.extend(raised.into_iter().map(|alert| lived(alert, &account, now)));
    }
    for step in alerts.chunks(STEP) {
        let mut tx = db.write(&actor).await?;
        let moves: Vec<Move> = step.iter().map(|alert| Move { moved: Moved::Raised, alert: alert.clone() }).collect();
        watches::write_moves(&mut tx, &moves, &std::collections::HashMap::new()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Returns an alert with what its owner did about it, chosen by its account so that the same portfolio has the same
/// history. What ended by itself was seen by most; of the old open ones most are in hand.
fn lived(alert: Alert, account: &Account, now: Timestamp) -> Alert {
    let Some(owner) = account.owner_id else { return alert };
    let chance = account.id.0.as_bytes().iter().chain(alert.reason.key.as_bytes());
    let chance = chance.fold(17u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(*byte))) % 100;
    let hours = |hours: i64| Timestamp(alert.created_at.0 + hours * DAY_MS / 24);
    let wait = if alert.priority <= Priority::High { 3 } else { 20 } + i64::try_from(chance).unwrap_or(0) / 8;
    let mut steps: Vec<(Timestamp, Step)> = Vec::new();
    let end = alert.closed_at().unwrap_or(now);
    let was_closed = alert.is_closed();
    // What a person closes while it still holds comes back after its pause, so only what is over or new was closed.
    let may_close = was_closed || now.days_since(alert.created_at) < FRESH_DAYS;
    match chance {
        0..=19 => {}
        20..=39 => steps.push((hours(wait), Step::Acknowledge)),
        55..=84 if may_close => {
            steps.push((hours(wait), Step::Start));
            let outcome = if alert.kind == Kind::Opportunity { Outcome::Won } else { Outcome::Handled };
            steps.push((hours(wait + 30), Step::Resolve { outcome, note: note(&alert) }));
        }
        85..=91 if may_close => {
            let reason = Dismissal::Known;
            steps
                .push((hours(wait), Step::Dismiss { reason, note: "Agreed with the customer last month.".to_owned() }));
        }
        92.. => {
            let until = Some(now.day_start().plus_days(9));
            let note = "Waiting for their answer.".to_owned();
            steps.push((hours(wait), Step::Snooze { until, condition: None, note }));
        }
        _ => {
            steps.push((hours(wait), Step::Acknowledge));
            steps.push((hours(wait + 20), Step::Start));
            steps.push((hours(wait + 24), Step::Note { text: note(&alert) }));
        }
    }
    let by_itself = (alert.resolved_at, alert.outcome);
    let mut lived = Alert { resolved_at: None, outcome: None, ..alert };
    for (at, step) in steps.into_iter().filter(|(at, _)| *at < end) {
        // What is over is not put aside any more.
        if was_closed && matches!(step, Step::Snooze { .. }) {
            continue;
        }
        if let Ok(Some(next)) = take(&lived, &step, Some(owner), at) {
            lived = Alert { updated_at: at, ..next };
        }
    }
    if !lived.is_closed() {
        (lived.resolved_at, lived.outcome) = by_itself;
    }
    lived
}

fn note(alert: &Alert) -> String {
    let text = match alert.reason.key.as_str() {
        "payment_failed" => "Their card had expired. Accounting sends a new link.",
        "renewal_risk" => "Called the buyer; the offer goes out this week.",
        "score_drop" | "usage_drop" => "They moved a team; training for the new people is booked.",
        "ticket_escalated" => "Spoke to support: a fix is on the way.",
        "champion_gone" | "single_threaded" | "champion_silent" => {
            "Asked for an introduction to the head of department."
        }
        _ => "Wrote to them and offered a call.",
    };
    text.to_owned()
}
