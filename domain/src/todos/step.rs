//! What people do with a task, and what that changes.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::list::Here;
use super::todo::{Todo, When};
use crate::id::{TodoId, UserId};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Furthest day to which something is postponed, in days from today.
const POSTPONE_DAYS_MAX: i64 = 5 * 366;

/// What somebody does with a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TodoStep {
    /// It is done; what comes again comes again.
    Complete,
    /// It is not done after all.
    Reopen,
    /// Another day; the time stays, and a reminder moves along.
    Postpone {
        /// The day, midnight UTC.
        to: Timestamp,
    },
    /// Not this time: it waits for the next day that it falls on.
    Skip,
    /// Somebody else deals with it.
    Assign {
        /// Who; none for nobody.
        to: Option<UserId>,
    },
}

impl TodoStep {
    /// Returns the word of the step, for texts and the label of its batch.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Reopen => "reopen",
            Self::Postpone { .. } => "postpone",
            Self::Skip => "skip",
            Self::Assign { .. } => "assign",
        }
    }
}

/// Returns the task after a step; none where the step changes nothing. Refuses what the task's state does not allow.
/// The moments that follow from its days are for [`super::moments`] to work out.
pub fn take(todo: &Todo, step: &TodoStep, who: Option<UserId>, here: Here) -> Result<Option<Todo>, Refusal> {
    let mut next = todo.clone();
    if todo.done_at.is_some() && !matches!(step, TodoStep::Reopen | TodoStep::Complete) {
        return Err(Refusal::Conflict("This task is done. Reopen it first.".to_owned()));
    }
    match step {
        TodoStep::Complete if todo.done_at.is_some() => {}
        TodoStep::Complete => (next.done_at, next.done_by) = (Some(here.now), who),
        TodoStep::Reopen => (next.done_at, next.done_by) = (None, None),
        TodoStep::Postpone { to } => {
            let day = to.day_start();
            if day < here.today || day > here.today.plus_days(POSTPONE_DAYS_MAX) {
                return Err(Refusal::field("to", "Choose a day from today on, within five years."));
            }
            move_to(&mut next, day);
        }
        TodoStep::Skip => {
            let (Some(repeat), Some(due)) = (&todo.repeat, todo.due) else {
                return Err(Refusal::Conflict(
                    "This task does not come again, so that there is nothing to skip to.".to_owned(),
                ));
            };
            let Some(day) = repeat.next(due.day, here.today) else { return Ok(None) };
            move_to(&mut next, day);
        }
        TodoStep::Assign { to } => next.assignee = *to,
    }
    Ok((next != *todo).then_some(next))
}

/// Puts a task on another day; a reminder keeps its distance.
fn move_to(todo: &mut Todo, day: Timestamp) {
    let days = todo.due.map(|due| day.days_since(due.day));
    todo.due = Some(When { day, minute: todo.due.and_then(|due| due.minute) });
    if let (Some(days), Some(remind)) = (days, &mut todo.remind) {
        remind.day = remind.day.plus_days(days);
    }
}

/// Returns the task that comes after one that has just been done; its id is for the database to draw.
#[must_use]
pub fn successor(done: &Todo, here: Here) -> Option<Todo> {
    let (repeat, due) = (done.repeat.as_ref()?, done.due?);
    let mut next = done.clone();
    move_to(&mut next, repeat.next(due.day, here.today)?);
    (next.id, next.version, next.follows) = (TodoId(Uuid::nil()), 1, Some(done.id));
    (next.done_at, next.done_by, next.created_by) = (None, None, done.done_by);
    (next.created_at, next.updated_at) = (here.now, here.now);
    Some(next)
}
