//! The moments that follow from the days and times of a task on its person's clock.

use super::list::Here;
use super::todo::{MORNING, Todo, When};
use crate::notices::hours;
use crate::time::Timestamp;

/// Returns a moment as the clock in a time zone shows it.
#[must_use]
pub fn here(now: Timestamp, zone: &str) -> Here {
    let Some((day, hour, minute)) = hours::wall(now, zone) else { return Here::utc(now) };
    Here { now, today: Timestamp::from_date(day), minute: u16::try_from(hour * 60 + minute).unwrap_or(0) }
}

/// Works out the moments of a task on the clock of a time zone.
#[must_use]
pub fn settled(todo: Todo, zone: &str) -> Todo {
    let at = |day: Timestamp, minute: u16| hours::at(day, minute, zone);
    let at_or_morning = |when: When| at(when.day, when.minute.unwrap_or(MORNING));
    Todo {
        due_at: todo.due.and_then(|due| match due.minute {
            Some(minute) => at(due.day, minute),
            None => at(due.day.plus_days(1), 0),
        }),
        ring_at: todo.due.and_then(at_or_morning),
        remind_at: todo.remind.and_then(at_or_morning),
        zone: zone.to_owned(),
        ..todo
    }
}
