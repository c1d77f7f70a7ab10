//! The moments of a schedule, across changes between summer and winter time.

use chrono::{Datelike, Days, NaiveDate};

use super::{Rhythm, Timing};
use crate::notices::hours;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Days within which every rhythm comes at least once, with room for a day that a time zone leaves out.
const DAYS_MAX: u64 = 64;

/// Returns the first moment after another at which a report is sent: once for each day, week or month, also where the
/// clock shows the time twice, and at the first moment after where it never shows it.
pub fn next(timing: &Timing, after: Timestamp) -> Result<Timestamp, Refusal> {
    hours::zone(&timing.zone)?;
    let never = || Refusal::field("minute", "This never comes. Choose another time.");
    let (today, ..) = hours::wall(after, &timing.zone).ok_or_else(never)?;
    // A moment after midnight may belong to the day before, where that day had no such time.
    let first = today.pred_opt().ok_or_else(never)?;
    (0..DAYS_MAX)
        .filter_map(|days| first.checked_add_days(Days::new(days)))
        .filter(|day| falls(timing.rhythm, *day))
        .filter_map(|day| hours::at(Timestamp::from_date(day), timing.minute, &timing.zone))
        .find(|at| *at > after)
        .ok_or_else(never)
}

/// Returns the next moments, at most so many.
pub fn ahead(timing: &Timing, after: Timestamp, count: usize) -> Result<Vec<Timestamp>, Refusal> {
    let mut moments: Vec<Timestamp> = Vec::with_capacity(count);
    while moments.len() < count {
        moments.push(next(timing, moments.last().copied().unwrap_or(after))?);
    }
    Ok(moments)
}

/// Returns a moment as a clock in a time zone shows it: the day and the minutes after its midnight.
#[must_use]
pub fn wall(at: Timestamp, zone: &str) -> (Timestamp, u16) {
    match hours::wall(at, zone) {
        Some((day, hour, minute)) => (Timestamp::from_date(day), u16::try_from(hour * 60 + minute).unwrap_or_default()),
        None => (at.day_start(), 0),
    }
}

fn falls(rhythm: Rhythm, day: NaiveDate) -> bool {
    match rhythm {
        Rhythm::Day => true,
        Rhythm::Week { weekday } => day.weekday().num_days_from_monday() == u32::from(weekday),
        Rhythm::Month { day: wanted } => {
            let is_last = day.succ_opt().is_some_and(|next| next.month() != day.month());
            day.day() == u32::from(wanted) || (is_last && day.day() < u32::from(wanted))
        }
    }
}
