//! What people do with an alert, and what that changes.

use serde::{Deserialize, Serialize};

use super::alert::{Alert, Dismissal, Note, Outcome, REASON_CHARS_MAX, Rung};
use crate::id::UserId;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Most notes on one alert.
const NOTES_MAX: usize = 100;
/// Longest pause in days.
const SNOOZE_DAYS_MAX: i64 = 365;

/// What somebody does with an alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// They have seen it.
    Acknowledge,
    /// They work on it.
    Start,
    /// It is over.
    Resolve {
        /// What it led to.
        outcome: Outcome,
        /// What they add; may be empty.
        note: String,
    },
    /// It is none.
    Dismiss {
        /// Why.
        reason: Dismissal,
        /// What they add; must say something for another reason.
        note: String,
    },
    /// Put it aside until a moment, or until something is true of the account, or whichever comes first.
    Snooze {
        /// Until when.
        until: Option<Timestamp>,
        /// Until what, in the language of rules.
        condition: Option<String>,
        /// Why; may be empty.
        note: String,
    },
    /// Bring it back before that.
    Wake,
    /// Somebody else deals with it; none for the owner of the account.
    Assign {
        /// Who.
        to: Option<UserId>,
    },
    /// Bring it to the next rung.
    Escalate {
        /// Why; may be empty.
        note: String,
    },
    /// Say something about it.
    Note {
        /// What.
        text: String,
    },
    /// It is not over after all.
    Reopen,
}

impl Step {
    /// Returns the word of the step, for texts and the label of its batch.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Start => "start",
            Self::Resolve { .. } => "resolve",
            Self::Dismiss { .. } => "dismiss",
            Self::Snooze { .. } => "snooze",
            Self::Wake => "wake",
            Self::Assign { .. } => "assign",
            Self::Escalate { .. } => "escalate",
            Self::Note { .. } => "note",
            Self::Reopen => "reopen",
        }
    }
}

/// Returns the alert after a step; none where the step changes nothing. The conditions of a snooze must have been read
/// before. Refuses what the alert's state does not allow.
pub fn take(alert: &Alert, step: &Step, who: Option<UserId>, now: Timestamp) -> Result<Option<Alert>, Refusal> {
    let mut next = alert.clone();
    let is_open = !alert.is_closed();
    let wants_open = !matches!(step, Step::Note { .. } | Step::Reopen | Step::Assign { .. });
    if wants_open && !is_open {
        return Err(Refusal::Conflict("This alert is over. Reopen it first.".to_owned()));
    }
    match step {
        Step::Acknowledge => acknowledge(&mut next, who, now),
        Step::Start => {
            acknowledge(&mut next, who, now);
            if next.started_at.is_none() {
                (next.started_at, next.started_by) = (Some(now), who);
            }
        }
        Step::Resolve { outcome, note } => {
            if who.is_some() && !Outcome::CHOICES.contains(outcome) {
                return Err(Refusal::field("outcome", "Choose what it led to."));
            }
            (next.resolved_at, next.resolved_by, next.outcome) = (Some(now), who, Some(*outcome));
            wake(&mut next);
            add_note(&mut next, note, who, now)?;
        }
        Step::Dismiss { reason, note } => {
            if *reason == Dismissal::Other && note.trim().is_empty() {
                return Err(Refusal::field("note", "Write why."));
            }
            (next.dismissed_at, next.dismissed_by, next.dismissal) = (Some(now), who, Some(*reason));
            wake(&mut next);
            add_note(&mut next, note, who, now)?;
        }
        Step::Snooze { until, condition, note } => {
            snooze(&mut next, (*until, condition.as_deref()), who, now)?;
            add_note(&mut next, note, who, now)?;
        }
        Step::Wake => wake(&mut next),
        Step::Assign { to } => next.assignee = *to,
        Step::Escalate { note } => {
            let higher = match next.rung {
                Rung::Owner => Rung::Manager,
                Rung::Manager => Rung::Sponsor,
                Rung::Sponsor => return Err(Refusal::Conflict("It has been brought to the top already.".to_owned())),
            };
            (next.rung, next.escalated_at) = (higher, Some(now));
            add_note(&mut next, note, who, now)?;
        }
        Step::Note { text } => {
            if text.trim().is_empty() {
                return Err(Refusal::field("text", "Write a note."));
            }
            add_note(&mut next, text, who, now)?;
        }
        Step::Reopen => {
            (next.resolved_at, next.resolved_by, next.outcome) = (None, None, None);
            (next.dismissed_at, next.dismissed_by, next.dismissal) = (None, None, None);
        }
    }
    Ok((next != *alert).then_some(next))
}

fn acknowledge(alert: &mut Alert, who: Option<UserId>, now: Timestamp) {
    if alert.acknowledged_at.is_none() {
        (alert.acknowledged_at, alert.acknowledged_by) = (Some(now), who);
    }
}

fn wake(alert: &mut Alert) {
    (alert.snoozed_at, alert.snoozed_by, alert.snoozed_until, alert.snoozed_while) = (None, None, None, None);
}

fn snooze(
    alert: &mut Alert,
    (until, condition): (Option<Timestamp>, Option<&str>),
    who: Option<UserId>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let condition = condition.map(str::trim).filter(|text| !text.is_empty());
    if condition.is_some() && alert.account_id.is_none() {
        return Err(Refusal::field("condition", "An alert about many accounts waits for a day."));
    }
    if until.is_none() && condition.is_none() {
        return Err(Refusal::field("until", "Choose a day, or write what to wait for."));
    }
    if until.is_some_and(|until| until <= now || until > now.plus_days(SNOOZE_DAYS_MAX)) {
        return Err(Refusal::field("until", "Choose a day within the next year."));
    }
    acknowledge(alert, who, now);
    (alert.snoozed_at, alert.snoozed_by) = (Some(now), who);
    (alert.snoozed_until, alert.snoozed_while) = (until, condition.map(str::to_owned));
    Ok(())
}

fn add_note(alert: &mut Alert, text: &str, who: Option<UserId>, now: Timestamp) -> Result<(), Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(());
    }
    if text.chars().count() > REASON_CHARS_MAX {
        return Err(Refusal::field("note", "Use at most 2,000 characters."));
    }
    if alert.notes.len() >= NOTES_MAX {
        return Err(Refusal::field("note", "An alert has at most 100 notes."));
    }
    alert.notes.push(Note { at: now, by: who, text: text.to_owned() });
    Ok(())
}
