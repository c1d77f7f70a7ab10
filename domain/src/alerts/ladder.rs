//! The ladder of an alert that nobody takes: to the managers, then to the sponsors, counted in working time.

use super::alert::{Alert, Priority, Rung};
use crate::time::{DAY_MS, Timestamp};

/// When a working day begins and ends, in hours of the day.
const DAY_HOURS: (i64, i64) = (9, 17);
/// One hour in milliseconds.
const HOUR_MS: i64 = 3_600_000;
/// Longest stretch that is searched for working time, in days.
const SEARCH_DAYS: i64 = 60;

/// How a person's days lie: Monday to Friday, 9 to 17, where they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// How far their clocks are ahead of UTC, in minutes.
    pub offset_minutes: i64,
    /// Days off, each as its midnight UTC.
    pub holidays: Vec<Timestamp>,
}

/// Working hours after which an untaken alert goes up.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder {
    /// To the managers, counted from the moment it was raised.
    pub to_manager_hours: i64,
    /// To the sponsors, counted from there.
    pub to_sponsor_hours: i64,
    /// The days of whoever should take it.
    pub calendar: Calendar,
}

impl Ladder {
    /// Returns the ladder of a priority: 4 and 8 working hours for a critical alert, 16 and 40 for a high one; none
    /// for others.
    #[must_use]
    pub fn of(priority: Priority, calendar: Calendar) -> Option<Self> {
        let (to_manager_hours, to_sponsor_hours) = match priority {
            Priority::Critical => (4, 8),
            Priority::High => (16, 40),
            Priority::Medium | Priority::Low => return None,
        };
        Some(Self { to_manager_hours, to_sponsor_hours, calendar })
    }

    /// Returns when an alert goes up unless somebody takes it; none where somebody has, or it is at the top.
    #[must_use]
    pub fn next(&self, alert: &Alert) -> Option<Timestamp> {
        if alert.acknowledged_at.is_some() || alert.is_closed() {
            return None;
        }
        match alert.rung {
            Rung::Owner => Some(self.calendar.after(alert.created_at, self.to_manager_hours)),
            Rung::Manager => {
                Some(self.calendar.after(alert.escalated_at.unwrap_or(alert.created_at), self.to_sponsor_hours))
            }
            Rung::Sponsor => None,
        }
    }
}

impl Calendar {
    /// Returns the moment at which this many working hours have passed since another.
    #[must_use]
    pub fn after(&self, since: Timestamp, hours: i64) -> Timestamp {
        let offset = self.offset_minutes * 60_000;
        // From here on in the person's own time.
        let mut at = since.0 + offset;
        let mut left = hours * HOUR_MS;
        for _ in 0..SEARCH_DAYS {
            let midnight = at.div_euclid(DAY_MS) * DAY_MS;
            let (begin, end) = (midnight + DAY_HOURS.0 * HOUR_MS, midnight + DAY_HOURS.1 * HOUR_MS);
            if self.is_working_day(Timestamp(midnight)) && at < end {
                let from = at.max(begin);
                if from + left <= end {
                    return Timestamp(from + left - offset);
                }
                left -= end - from;
            }
            at = midnight + DAY_MS;
        }
        Timestamp(at - offset)
    }

    fn is_working_day(&self, midnight: Timestamp) -> bool {
        // The first of January 1970 was a Thursday.
        let weekday = (midnight.0.div_euclid(DAY_MS) + 3).rem_euclid(7);
        weekday < 5 && !self.holidays.contains(&midnight)
    }
}
