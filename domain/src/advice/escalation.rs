//! Whom an account or an alert is brought to when nobody takes it.

use serde::{Deserialize, Serialize};

use crate::alerts::ladder::{Calendar, Ladder};
use crate::alerts::{Alert, Rung};
use crate::id::UserId;
use crate::identity::{Role, User};
use crate::time::Timestamp;

/// One rung of the way up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathStep {
    /// Which.
    pub rung: Rung,
    /// Who stands on it; nobody where nobody has the role.
    pub people: Vec<UserId>,
    /// When it goes there unless somebody takes it; none where no clock runs.
    pub at: Option<Timestamp>,
    /// Whether it is there now.
    pub here: bool,
}

/// Returns the way up of an alert, or of an account as a whole: its owner, the managers, the administrators.
///
/// A clock runs only for an alert that nobody has taken and that is critical or high: 4 and 8 working hours, or 16
/// and 40, as the ladder of alerts says.
#[must_use]
pub fn path(alert: Option<&Alert>, owner: Option<UserId>, users: &[User]) -> Vec<PathStep> {
    let with = |role: Role| {
        let active = users.iter().filter(move |user| user.role == role && user.deactivated_at.is_none());
        active.map(|user| user.id).collect::<Vec<_>>()
    };
    let first = alert.and_then(|alert| alert.assignee).or(owner);
    let rung = alert.map_or(Rung::Owner, |alert| alert.rung);
    let ladder = alert.and_then(|alert| Ladder::of(alert.priority, Calendar::default()));
    let next = ladder.as_ref().zip(alert).and_then(|(ladder, alert)| ladder.next(alert));
    let then = |ladder: &Ladder, at: Timestamp| ladder.calendar.after(at, ladder.to_sponsor_hours);
    let (manager_at, sponsor_at) = match rung {
        Rung::Owner => (next, ladder.as_ref().zip(next).map(|(ladder, at)| then(ladder, at))),
        Rung::Manager => (None, next),
        Rung::Sponsor => (None, None),
    };
    let step =
        |to: Rung, people: Vec<UserId>, at: Option<Timestamp>| PathStep { rung: to, people, at, here: to == rung };
    vec![
        step(Rung::Owner, first.into_iter().collect(), None),
        step(Rung::Manager, with(Role::Manager), manager_at),
        step(Rung::Sponsor, with(Role::Admin), sponsor_at),
    ]
}
