//! How a task comes again: arithmetic of dates alone, which no change of the clock concerns.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Most days, weeks or months between two of one task.
pub const EVERY_MAX: u16 = 400;
/// Most of one task that are passed over, for one that has not been done for years.
const PASSED_MAX: usize = 50_000;

/// How a task comes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Every so many days.
    Days {
        /// How many.
        every: u16,
    },
    /// On days of the week, every so many weeks.
    Weeks {
        /// How many.
        every: u16,
        /// The days, 0 for Monday.
        on: Vec<u8>,
    },
    /// On a day of the month, every so many months; a shorter month has it on its last day.
    Months {
        /// How many.
        every: u16,
        /// The day, 1 to 31.
        day: u8,
    },
}

impl Repeat {
    /// Monday to Friday.
    pub const WORKDAYS: [u8; 5] = [0, 1, 2, 3, 4];

    /// Refuses what never comes, and puts the days of a week in order.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        let every = match &mut self {
            Self::Days { every } => *every,
            Self::Weeks { every, on } => {
                on.sort_unstable();
                on.dedup();
                if on.is_empty() || on.iter().any(|day| *day > 6) {
                    return Err(Refusal::field("repeat", "Choose at least one day of the week."));
                }
                *every
            }
            Self::Months { every, day } => {
                if !(1..=31).contains(day) {
                    return Err(Refusal::field("repeat", "Choose a day of the month between 1 and 31."));
                }
                *every
            }
        };
        if (1..=EVERY_MAX).contains(&every) {
            return Ok(self);
        }
        Err(Refusal::field("repeat", "Choose a number between 1 and 400."))
    }

    /// Returns the first day it falls on, from a day on.
    #[must_use]
    pub fn first(&self, from: Timestamp) -> Option<Timestamp> {
        let from = from.date()?;
        let day = match self {
            Self::Days { .. } => from,
            Self::Weeks { on, .. } => {
                (0..7).filter_map(|days| from.checked_add_days(Days::new(days))).find(|day| falls(on, *day))?
            }
            Self::Months { day, .. } => {
                (0..2).filter_map(|months| clamped(from, months, *day)).find(|day| *day >= from)?
            }
        };
        Some(Timestamp::from_date(day))
    }

    /// Returns the day after `due` that it falls on next and that is not before `today`: what was missed is not made
    /// up for. None where dates end.
    #[must_use]
    pub fn next(&self, due: Timestamp, today: Timestamp) -> Option<Timestamp> {
        let (due, today) = (due.date()?, today.date()?);
        let days = std::iter::successors(self.following(due), |day| self.following(*day));
        days.take(PASSED_MAX).find(|day| *day >= today).map(Timestamp::from_date)
    }

    /// Returns the day it falls on next after another.
    fn following(&self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days { every } => day.checked_add_days(Days::new(u64::from(*every))),
            Self::Weeks { every, on } => {
                let monday = day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday())))?;
                let of_week = |weeks: u64| {
                    on.iter()
                        .filter_map(move |weekday| monday.checked_add_days(Days::new(weeks * 7 + u64::from(*weekday))))
                };
                of_week(0).chain(of_week(u64::from(*every))).find(|next| *next > day)
            }
            Self::Months { every, day: wanted } => [0, u32::from(*every)]
                .into_iter()
                .filter_map(|months| clamped(day, months, *wanted))
                .find(|next| *next > day),
        }
    }
}

fn falls(on: &[u8], day: NaiveDate) -> bool {
    on.iter().any(|weekday| u32::from(*weekday) == day.weekday().num_days_from_monday())
}

/// Returns a day of the month so many months after another day's, or that month's last.
fn clamped(from: NaiveDate, months: u32, day: u8) -> Option<NaiveDate> {
    let first = from.with_day(1)?.checked_add_months(Months::new(months))?;
    (28..=31).rev().map(|last| u32::from(day).min(last)).find_map(|day| first.with_day(day))
}
