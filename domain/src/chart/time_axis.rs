//! Ticks at the beginnings of days, weeks, months and years.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::path::tenth;
use crate::time::{DAY_MS, Timestamp};

/// The first and last moments that axes span, the years 1 to 9999.
const EARLIEST_MS: i64 = -62_135_596_800_000;
const LATEST_MS: i64 = 253_402_300_799_999;

/// How wide a label with its surroundings is taken to be before its text is known.
const TICK_WIDTH: f64 = 56.0;

/// What a date stands for, so that the caller can write it as short as that allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeStep {
    /// A single day.
    Day,
    /// The week that begins on this Monday.
    Week,
    /// The month that begins on this day.
    Month,
    /// The year that begins on this day.
    Year,
}

/// Maps moments to positions from left to right.
pub(super) struct TimeAxis {
    first: i64,
    last: i64,
    left: f64,
    right: f64,
}

impl TimeAxis {
    /// Spans the moments between two positions.
    pub(super) fn new(moments: impl Iterator<Item = Timestamp>, left: f64, right: f64) -> Self {
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for moment in moments {
            first = first.min(moment.0);
            last = last.max(moment.0);
        }
        let tame = |moment: i64| moment.clamp(EARLIEST_MS, LATEST_MS);
        Self { first: tame(first), last: tame(last), left, right }
    }

    /// Returns the position of a moment; when there is only one, it is in the middle.
    pub(super) fn x(&self, moment: Timestamp) -> f64 {
        if self.last <= self.first {
            return tenth((self.left + self.right) / 2.0);
        }
        let share = (moment.0.clamp(self.first, self.last) - self.first) as f64 / (self.last - self.first) as f64;
        tenth(self.left + share * (self.right - self.left))
    }

    /// Returns the labelled positions; the first moment alone when no day begins in between.
    pub(super) fn ticks(&self, format: &dyn Fn(Timestamp, TimeStep) -> String) -> Vec<(f64, String)> {
        let (step, dates) = self.dates();
        let inside =
            dates.into_iter().map(Timestamp::from_date).filter(|tick| (self.first..=self.last).contains(&tick.0));
        let mut ticks: Vec<(f64, String)> = inside.map(|tick| (self.x(tick), format(tick, step))).collect();
        if ticks.is_empty() {
            let first = Timestamp(self.first);
            ticks.push((self.x(first), format(first, TimeStep::Day)));
        }
        ticks
    }

    /// Chooses the finest step whose ticks have room, and lists their dates.
    fn dates(&self) -> (TimeStep, Vec<NaiveDate>) {
        let room = ((self.right - self.left) / TICK_WIDTH).floor().max(1.0);
        let days = (self.last - self.first).max(0) as f64 / DAY_MS as f64;
        let Some(start) = Timestamp(self.first).date() else { return (TimeStep::Day, Vec::new()) };
        let limit = room as usize + 2;
        if days <= room {
            return (TimeStep::Day, every(Some(start), limit, |date| date.checked_add_days(Days::new(1))));
        }
        if days / 7.0 <= room {
            let monday = start.checked_sub_days(Days::new(u64::from(start.weekday().num_days_from_monday())));
            return (TimeStep::Week, every(monday, limit, |date| date.checked_add_days(Days::new(7))));
        }
        for months in [1_u32, 3, 6] {
            if days / (30.4 * f64::from(months)) <= room {
                let month = start.month0() - start.month0() % months + 1;
                let first = NaiveDate::from_ymd_opt(start.year(), month, 1);
                return (TimeStep::Month, every(first, limit, |date| date.checked_add_months(Months::new(months))));
            }
        }
        let years = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
        let years = years.into_iter().find(|years| days / (365.2 * f64::from(*years)) <= room).unwrap_or(10_000);
        let first = NaiveDate::from_ymd_opt(start.year() - start.year().rem_euclid(years), 1, 1);
        let months = Months::new(years.unsigned_abs() * 12);
        (TimeStep::Year, every(first, limit, |date| date.checked_add_months(months)))
    }
}

/// Lists `limit` dates from the first on, each found from the one before.
fn every(first: Option<NaiveDate>, limit: usize, next: impl Fn(NaiveDate) -> Option<NaiveDate>) -> Vec<NaiveDate> {
    std::iter::successors(first, |date| next(*date)).take(limit).collect()
}
