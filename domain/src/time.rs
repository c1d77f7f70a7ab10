//! Points in time as epoch milliseconds; the only clock is outside this crate.

use chrono::{DateTime, Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// One day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;

/// A moment as milliseconds since the Unix epoch, always UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Returns the moment `days` later (earlier when negative).
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(DAY_MS)))
    }

    /// Returns the whole days from `earlier` to `self`, rounded down; negative when `earlier` is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(DAY_MS)
    }

    /// Returns midnight UTC of the same day.
    #[must_use]
    pub fn day_start(self) -> Self {
        Self(self.0.div_euclid(DAY_MS) * DAY_MS)
    }

    /// Returns the calendar date in UTC, or `None` outside the years that dates can express.
    #[must_use]
    pub fn date(self) -> Option<NaiveDate> {
        DateTime::from_timestamp_millis(self.0).map(|moment| moment.date_naive())
    }

    /// Returns midnight UTC of a calendar date.
    #[must_use]
    pub fn from_date(date: NaiveDate) -> Self {
        Self(i64::from(date.num_days_from_ce() - EPOCH_DAYS_FROM_CE) * DAY_MS)
    }

    /// Returns `2026-11-21`, or an empty string outside the years that dates can express.
    #[must_use]
    pub fn iso_date(self) -> String {
        self.date().map(|date| date.to_string()).unwrap_or_default()
    }

    /// Returns `2026-11-21T08:30:00.000Z`, or an empty string outside the expressible years.
    #[must_use]
    pub fn iso(self) -> String {
        DateTime::from_timestamp_millis(self.0)
            .map(|moment| moment.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
            .unwrap_or_default()
    }
}

/// Days from 0001-01-01 to the Unix epoch in chrono's day count.
const EPOCH_DAYS_FROM_CE: i32 = 719_163;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_survives_the_round_trip() {
        for text in ["1970-01-01", "2000-02-29", "2026-11-21", "1899-12-31"] {
            let date: NaiveDate = text.parse().unwrap();
            assert_eq!(Timestamp::from_date(date).iso_date(), text);
        }
    }

    #[test]
    fn days_before_the_epoch_round_down() {
        assert_eq!(Timestamp(-1).day_start(), Timestamp(-DAY_MS));
        assert_eq!(Timestamp(0).days_since(Timestamp(1)), -1);
    }
}
