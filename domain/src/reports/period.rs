//! Which days a report looks at, and the weeks and months it groups by. All of it is in UTC, as days are recorded.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::parts::{About, Dimension};
use crate::time::Timestamp;

/// Most weeks or months that a report shows: three years of weeks.
pub const PERIODS_MAX: usize = 160;
/// Most days of a period.
pub const PERIOD_DAYS_MAX: i64 = 1_096;

/// Which days count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// All days.
    #[default]
    Always,
    /// So many days up to today.
    Days(u16),
    /// From the beginning of one day to the end of another.
    Between {
        /// Midnight UTC of the first day.
        from: Timestamp,
        /// Midnight UTC of the last day.
        to: Timestamp,
    },
}

impl Period {
    /// Returns the first moment that counts and the first that does not any more.
    #[must_use]
    pub fn bounds(self, now: Timestamp) -> (Timestamp, Timestamp) {
        match self {
            Self::Always => (Timestamp(0), Timestamp(i64::MAX)),
            Self::Days(days) => (now.day_start().plus_days(1 - i64::from(days)), now.day_start().plus_days(1)),
            Self::Between { from, to } => (from.day_start(), to.day_start().plus_days(1)),
        }
    }

    /// Returns whether it makes sense for what a report is about.
    #[must_use]
    pub fn fits(self, about: About) -> bool {
        match self {
            Self::Always => about.periods().contains(&self),
            Self::Days(days) => about != About::Accounts && (1..=PERIOD_DAYS_MAX).contains(&i64::from(days)),
            Self::Between { from, to } => {
                about != About::Accounts && from.0 >= 0 && (0..PERIOD_DAYS_MAX).contains(&to.days_since(from))
            }
        }
    }

    /// Returns the period as addresses have it: `always`, `90`, or `2026-01-01..2026-03-31`.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Always => "always".to_owned(),
            Self::Days(days) => days.to_string(),
            Self::Between { from, to } => format!("{}..{}", from.iso_date(), to.iso_date()),
        }
    }

    /// Returns the period that a text of [`Period::text`] stands for.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text == "always" {
            return Some(Self::Always);
        }
        let day = |text: &str| text.parse::<NaiveDate>().ok().map(Timestamp::from_date);
        match text.split_once("..") {
            Some((from, to)) => Some(Self::Between { from: day(from)?, to: day(to)? }),
            None => text.parse().ok().map(Self::Days),
        }
    }
}

/// Returns the key of the week or month that a moment is in: its Monday, or `2026-03`.
#[must_use]
pub fn period_key(by: Dimension, at: Timestamp) -> Option<String> {
    let date = at.date()?;
    Some(match by {
        Dimension::Week => monday(date)?.to_string(),
        _ => date.format("%Y-%m").to_string(),
    })
}

/// Returns when the week or month with a key begins.
#[must_use]
pub fn period_start(key: &str) -> Option<Timestamp> {
    let date = if key.len() == "2026-03".len() { format!("{key}-01").parse() } else { key.parse() };
    date.ok().map(Timestamp::from_date)
}

/// Returns the beginning of the week or month that a moment is in.
#[must_use]
pub fn floor(by: Dimension, at: Timestamp) -> Timestamp {
    period_key(by, at).and_then(|key| period_start(&key)).unwrap_or(at)
}

/// Returns the key of the week or month after this one.
pub(super) fn next_key(by: Dimension, key: &str) -> Option<String> {
    let date = period_start(key)?.date()?;
    let next = match by {
        Dimension::Week => date.checked_add_days(Days::new(7))?,
        _ => date.checked_add_months(Months::new(1))?,
    };
    period_key(by, Timestamp::from_date(next))
}

fn monday(date: NaiveDate) -> Option<NaiveDate> {
    date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday())))
}
