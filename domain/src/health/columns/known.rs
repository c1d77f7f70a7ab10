//! One account of the columns as something that can be evaluated.

use super::super::evaluate::{Context, Known};
use super::super::facts::FactValue;
use super::super::reading::Reading;
use super::super::scorecard::{Condition, Measure, Mode};
use super::{FactColumn, PortfolioColumns, kind};
use crate::time::Timestamp;

/// An account by its place.
pub(super) struct Account<'a> {
    pub(super) columns: &'a PortfolioColumns,
    pub(super) place: usize,
}

impl FactColumn {
    /// Returns the raw value of an account.
    pub(super) fn raw(&self, place: usize) -> Option<FactValue> {
        if let Some(number) = self.numbers.get(place).copied().flatten() {
            return Some(FactValue::Number(number));
        }
        let word = self.words.get(place)?.checked_sub(1)?;
        self.dictionary.get(word as usize).map(|word| FactValue::Text(word.clone()))
    }

    /// Returns when an account's value was observed and when it was taken away.
    pub(super) fn age(&self, place: usize, moments: &[Timestamp]) -> Option<(Timestamp, Option<Timestamp>)> {
        let moment = self.observed.get(place)?.checked_sub(1)?;
        let observed_at = *moments.get(moment as usize)?;
        if self.cleared.is_empty() {
            return Some((observed_at, None));
        }
        let cleared = self.cleared.binary_search_by_key(&place, |(account, _)| *account as usize);
        Some((observed_at, cleared.ok().map(|found| self.cleared[found].1)))
    }
}

impl Known for Account<'_> {
    fn reading(&self, measure: &Measure, _context: &Context<'_>) -> Option<Reading> {
        let column = self.columns.find(kind(measure))?;
        let (observed_at, cleared_at) = column.age(self.place, &self.columns.moments)?;
        Some(Reading { raw: column.raw(self.place)?, observed_at, cleared_at })
    }

    fn tenure_days(&self) -> Option<i64> {
        self.columns.tenure_days.get(self.place).copied().flatten()
    }

    fn holds(&self, condition: &Condition, _now: Timestamp) -> bool {
        // The column was read without mode and season, so its value is the present one unless it was taken away.
        let column = self.columns.find((&condition.fact, Mode::Absolute, false));
        column.is_some_and(|column| {
            let is_present = matches!(column.age(self.place, &self.columns.moments), Some((_, None)));
            is_present && column.raw(self.place).is_some_and(|value| condition.holds_for(&value))
        })
    }
}
